"""A program of a member of staff, as it calls the interface."""

API = "/api/staff/v1"


class Program:
    """A staff member's program with a token."""

    def __init__(self, app, token):
        self.http = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        return self.http.get(API + path, query_string=query or None, headers=self.headers)

    def post(self, path, body=None, version=None):
        headers = dict(self.headers)
        if version is not None:
            headers["If-Match"] = version if isinstance(version, str) else f'"{version}"'
        if body is None:
            return self.http.post(API + path, headers=headers)
        return self.http.post(API + path, json=body, headers=headers)
