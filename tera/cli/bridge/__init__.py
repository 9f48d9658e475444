"""How the process that owns the port hands a request to the portal, which is a WSGI application.

In processes of its own (`children`), so that a page that is being made holds up no answer; on a very small
machine in threads of the same process (`threads`). A request is taken in whole before the portal sees it, and
an answer is whole before the visitor sees it, so the portal waits for no network; what is large lies on disk.
"""
