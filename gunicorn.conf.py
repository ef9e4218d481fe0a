"""What ``gunicorn wsgi:app`` takes for granted: read from the folder in which it is started; options go before it."""

worker_class = "app.server.HurryingWorker"
preload_app = True
workers = 2
threads = 4
timeout = 30
keepalive = 5
# A cookie of ours has 4 kB at most; whoever sends more is no browser that we know.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# Figures and ends of workers are asked for in other ways.
control_socket_disable = True
