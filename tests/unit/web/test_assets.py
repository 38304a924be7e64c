"""Assets are served from the service first, then from the design, under names that change with their content."""

from shared.web.assets import index


def test_the_services_own_file_comes_first(tmp_path):
    for folder, content in (("own", "a"), ("shared", "b")):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "deep" / "x.css").write_text(content)
    (tmp_path / "shared" / "y.js").write_text("c")
    found = index([tmp_path / "own", tmp_path / "shared", tmp_path / "absent"])
    assert found["deep/x.css"].content == b"a"
    assert set(found) == {"deep/x.css", "y.js"}


def test_the_name_changes_with_the_content(tmp_path):
    (tmp_path / "x.css").write_text("a")
    before = index([tmp_path])["x.css"].digest
    (tmp_path / "x.css").write_text("b")
    assert index([tmp_path])["x.css"].digest != before


def test_named_assets_are_kept_for_ever_and_others_a_while(app, client):
    address = app.jinja_env.globals["asset"]("base.css")
    assert address.startswith("/static/sample/base.css?v=")
    answer = client.get(address)
    assert answer.mimetype == "text/css" and "immutable" in answer.headers["Cache-Control"]
    assert client.get("/static/sample/base.css?v=old").headers["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_only_listed_files_are_served(client):
    for path in ("../app.py", "..%2fapp.py", "", ".", "%00", "base.css/", "/etc/passwd"):
        assert client.get(f"/static/sample/{path}").status_code in (404, 308)
