"""How the states of messages, their kinds and what is in their way are called on the team's pages."""

from app.web.locale import lazy

KIND_NAMES = {
    "invitation": lazy("Invitation"),
    "reminder": lazy("Reminder"),
    "last-call": lazy("Last call"),
    "digest": lazy("Several questionnaires at once"),
    "receipt": lazy("Receipt"),
    "results": lazy("Results published"),
    "announcement": lazy("Announcement"),
    "consent": lazy("Consent to renew"),
    "staff-digest": lazy("Digest for the team"),
    "staff-alert": lazy("Alert to the team"),
    "staff-code": lazy("A code to confirm your address"),
    "staff-changed": lazy("How you sign in has changed"),
    "staff-address-changed": lazy("Your address has changed"),
    "staff-test": lazy("Test of a message to participants"),
}
STATE_NAMES = {
    "due": lazy("To be tried again"),
    "leased": lazy("About to leave"),
    "attempting": lazy("Being handed over"),
    "sent": lazy("Sent"),
    "failed": lazy("Failed"),
    "held": lazy("Held"),
    "skipped": lazy("Not needed any more"),
    "unknown": lazy("Nobody knows whether it left"),
}
NOT_SENT = lazy("Not sent")
PROBLEMS = {
    "stopped": lazy("The participant wants no messages"),
    "resting": lazy("The participant takes a rest from messages"),
    "preferred-hour": lazy("Waits for the hour that the participant prefers"),
    "quiet-hours": lazy("Waits for the morning"),
    "paused": lazy("The participation rests"),
    "just-told": lazy("An alert was sent less than an hour ago"),
    "weekly-cap": lazy("Enough messages this week"),
    "recalled": lazy("Recalled by the team"),
    "no-address": lazy("There is no address"),
    "dead-address": lazy("The address has bounced too often"),
    "address-unusable": lazy("The address cannot be written to"),
    "number-unusable": lazy("The telephone number cannot be used"),
    "no-carrier": lazy("No mail server is set up"),
    "demonstration": lazy("In the demonstration no mail leaves"),
    "smtp-timeout": lazy("The mail server did not answer in time"),
    "smtp-dropped": lazy("The line to the mail server broke"),
    "sms-unconnected": lazy("The gateway could not be reached"),
    "sms-dropped": lazy("The line to the gateway broke"),
}
