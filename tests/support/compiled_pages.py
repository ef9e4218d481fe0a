"""Page templates compiled once for all applications of a test process: compiling takes longer than most tests."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledPages(BytecodeCache):
    """Kept in memory, by the template's name and content as Jinja does it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another application has compiled, if there is any."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next one."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


PAGES = CompiledPages()
