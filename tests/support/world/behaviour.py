"""What a test may do to a site that is served by WSGI: make it fail as sites do."""

import threading

import service

CAPTCHA = b"""<!DOCTYPE html><html><head><title>Checking</title></head><body><h1>Are you human?</h1>
<form method="post" action="/captcha"><img src="/captcha/image.png" alt="captcha">
<input name="captcha" autocomplete="off"><button>Enter</button></form></body></html>"""


class Behaviour:
    """Wraps a program; what only it can change, such as its own templates and settings, is in `changes`.

    `changes` maps a mode to a function that is called with True when the mode begins and with False when it ends.
    """

    def __init__(self, application, changes):
        self.application = application
        self.changes = changes
        self.mode = "normal"
        self.changed = threading.Condition()

    def behave(self, mode):
        """Sets the mode; requests that hang go on when it is changed."""
        modes = ["normal", "maintenance", "captcha", "hang", *self.changes]
        if mode not in modes:
            raise service.CommandError(f"no mode {mode!r}; there are: {', '.join(modes)}")
        with self.changed:
            for name, change in self.changes.items():
                if name in (self.mode, mode) and self.mode != mode:
                    change(name == mode)
            self.mode = mode
            self.changed.notify_all()
        return {}

    def __call__(self, environ, start_response):
        """Answers one request (WSGI)."""
        with self.changed:
            self.changed.wait_for(lambda: self.mode != "hang")
            mode = self.mode
        if mode == "maintenance":
            start_response("503 Service Unavailable", [("Content-Type", "text/html"), ("Retry-After", "3600")])
            return [b"<html><title>Maintenance</title><h1>We are down for maintenance</h1></html>"]
        if mode == "captcha":
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [CAPTCHA]
        return self.application(environ, start_response)


def edited_template(name, folder, old, new):
    """A change that edits a Django template: a copy in `folder`, which settings name before the program's own."""
    from django.template import engines, loader

    copy = folder / name

    def change(begins):
        if begins:
            with open(loader.get_template(name).origin.name, encoding="utf-8") as file:
                text = file.read()
            if old not in text:
                raise service.CommandError(f"{name} has no {old!r}")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text.replace(old, new), encoding="utf-8")
        else:
            copy.unlink()
        for engine in engines.all():
            for template_loader in getattr(getattr(engine, "engine", None), "template_loaders", []):
                if hasattr(template_loader, "reset"):
                    template_loader.reset()

    return change
