"""What the documents, units and container files name exists: files, commands, settings, ports."""

import re
from configparser import ConfigParser
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import get_commands
from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
DOCS = [ROOT / "README.md", ROOT / "docs" / "deploy.md", *(ROOT / "docs" / "deploy").glob("*.md")]
UNITS = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
READERS = ["settings.py", "settings_production.py", "boot/__main__.py"]
SETTINGS = "".join((ROOT / "laborreg" / name).read_text() for name in READERS)
# What the images of others read.
OF_OTHERS = re.compile(r"POSTGRES_|PYTHON")


def unit(path) -> ConfigParser:
    """A systemd unit; a setting said twice keeps the last, which is enough here."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text())
    return parser


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


class Commands(SimpleTestCase):
    def test_every_command_in_the_documents_exists(self):
        known = set(get_commands())
        for path in [*DOCS, *UNITS, *DEPLOY.glob("*")]:
            named = set(re.findall(r"manage\.py ([a-z][a-z_]+)", path.read_text()))
            self.assertLessEqual(named, known, path.name)

    def test_every_unit_of_one_command_names_one_that_exists(self):
        timers = {path.stem.partition("@")[2] for path in DEPLOY.glob("registry-do@*.timer")}
        self.assertGreater(len(timers), 4)
        self.assertLessEqual(timers, set(get_commands()))
        for path in DEPLOY.glob("*.timer"):
            self.assertEqual(unit(path)["Timer"]["Unit"], f"{path.stem}.service")

    def test_every_daily_command_of_run_has_a_timer(self):
        steps = (ROOT / "laborreg" / "boot" / "steps.py").read_text()
        for command in ("open_month", "throw_away", "find_doubts", "watch_audit", "retain", "verify_audit"):
            self.assertIn(f'manage("{command}"', steps)
            self.assertTrue((DEPLOY / f"registry-do@{command}.timer").exists(), command)


class Files(SimpleTestCase):
    def test_every_link_between_the_documents_leads_somewhere(self):
        for path in DOCS:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
                self.assertTrue((path.parent / target).exists(), f"{path.name}: {target}")

    def test_every_file_of_deploy_that_is_named_exists(self):
        for path in DOCS:
            for name in re.findall(r"\bdeploy/([A-Za-z][\w@.-]*\w)(?![\w/*@-])", path.read_text()):
                made_there = name in ("secrets", "env") or (ROOT / "docs" / "deploy" / name).exists()
                self.assertTrue(made_there or (DEPLOY / name).exists(), f"{path.name}: deploy/{name}")

    def test_units_run_files_of_the_project(self):
        for path in DEPLOY.glob("*.service"):
            service = unit(path)["Service"]
            self.assertEqual(service["WorkingDirectory"], "/srv/registry")
            for name in re.findall(r"/srv/registry/(?!\.venv)(\S+)|(manage\.py)|(laborreg\.wsgi)", service["ExecStart"]):
                file = "".join(name).replace("laborreg.wsgi", "laborreg/wsgi.py")
                self.assertTrue((ROOT / file).exists(), f"{path.name}: {file}")

    def test_the_dockerfile_copies_and_starts_what_exists(self):
        text = (DEPLOY / "Dockerfile").read_text()
        for name in re.findall(r"^COPY (\S+) ", text, re.M) + re.findall(r"/srv/registry/(deploy/\w+)", text):
            self.assertTrue((ROOT / name).exists(), name)
        self.assertIn("\nUSER registry\n", text)


    def test_no_secret_gets_into_an_image(self):
        lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(lines[0], "*")
        let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
        apps = {name.split(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.split(".")[0]).is_dir()}
        self.assertEqual(let_in, apps | {
            "laborreg", "locale", "static", "templates", "manage.py", "requirements.txt", "deploy/with_secrets",
        })


class Environment(SimpleTestCase):
    def assertRead(self, name, where):
        if not OF_OTHERS.match(name) and name != "DJANGO_SETTINGS_MODULE":
            self.assertRegex(SETTINGS, rf"\"{name}\"", f"{where}: nothing reads {name}")

    def test_every_variable_is_read(self):
        block = re.search(r"^DJANGO_SETTINGS_MODULE=.*?```", (ROOT / "docs" / "deploy.md").read_text(), re.S | re.M)[0]
        for name in re.findall(r"^([A-Z_]+)=", block, re.M):
            self.assertRead(name, "deploy.md")
        for name in re.findall(r"^export (.+)$", (DEPLOY / "with_secrets").read_text(), re.M)[0].split():
            self.assertRead(name, "with_secrets")
        for name in re.findall(r"\b([A-Z_]+)=", unit(DEPLOY / "registry-office.service")["Service"]["Environment"]):
            self.assertRead(name, "registry-office.service")

    def test_compose_gives_the_registry_all_that_production_requires(self):
        required = re.search(r"for name in \(([^)]+)\)", (ROOT / "laborreg" / "settings_production.py").read_text())[1]
        exported = re.findall(r"\b[A-Z_]{5,}\b", (DEPLOY / "with_secrets").read_text())
        given = {*compose()["services"]["app"]["environment"], *exported}
        self.assertLessEqual(set(re.findall(r"\w+", required)), given)


class Compose(SimpleTestCase):
    def test_its_parts_hold_together(self):
        read = compose()
        for name, service in read["services"].items():
            self.assertLessEqual(set(service.get("secrets", [])), set(read["secrets"]), name)
            self.assertLessEqual(set(service["networks"]), set(read["networks"]), name)
            self.assertLessEqual(set(service.get("depends_on", [])), set(read["services"]), name)
            self.assertTrue(service["read_only"], name)

    def test_nothing_of_the_registry_is_root_or_stands_open(self):
        services = compose()["services"]
        for name in ("app", "work", "tables"):
            self.assertEqual((services[name]["user"], services[name]["cap_drop"]), ("10001:10001", ["ALL"]))
        self.assertEqual([name for name, service in services.items() if "ports" in service], ["caddy"])
        self.assertNotIn("front", services["postgres"]["networks"])

    def test_secrets_that_the_script_reads_are_given(self):
        read = set(re.findall(r"/run/secrets/(\w+)", (DEPLOY / "with_secrets").read_text()))
        self.assertLessEqual(read, set(compose()["services"]["app"]["secrets"]))
        of_caddy = set(re.findall(r"/run/secrets/(\w+)", (DEPLOY / "Caddyfile").read_text()))
        self.assertEqual(of_caddy, set(compose()["services"]["caddy"]["secrets"]))


class Hardening(SimpleTestCase):
    def test_every_service_is_shut_in_the_same_way(self):
        shut = {path.name: path.read_text().partition("\nUMask")[2].partition("\n\n[Install]")[0].strip()
                for path in DEPLOY.glob("*.service")}
        self.assertEqual(len(set(shut.values())), 1, list(shut))
        for word in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "SystemCallFilter=@system"):
            self.assertIn(word, next(iter(shut.values())))
