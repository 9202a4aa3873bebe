"""The files under deploy/ say what they should, as far as it shows without a cluster."""

import configparser
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, StrictUndefined
from jupyter_client.kernelspec import KernelSpec

from evalkit.live import capacity, messages

DEPLOY = Path(__file__).parents[2] / "deploy"
SPEC = DEPLOY / "kubernetes" / "evalkit"
HOSTILE = 'party="}}\n  hostNetwork: true\n#%22'


def pod(spec: KernelSpec, query: str) -> dict:
    """The pod of a page, as the launcher fills it in: from KERNEL_ variables."""
    given = {name.lower(): value for name, value in spec.env.items()}
    given |= {"kernel_pod_name": "p", "kernel_namespace": "evalkit", "kernel_id": "k"}
    given |= {"kernel_service_account_name": "evalkit", "kernel_query_string": query}
    config = spec.metadata["kernel_provisioner"]["config"]
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(
        (SPEC / "kernel-pod.yaml.j2").read_text(encoding="utf-8")
    )
    return yaml.safe_load(template.render(given, kernel_image=config["image_name"]))


@pytest.mark.parametrize("query", ["party=GHA&lang=fr", HOSTILE])
def test_kernelspec_and_pod_of_kubernetes_fit_and_a_query_stays_a_text(query: str) -> None:
    spec = KernelSpec.from_resource_dir(str(SPEC))
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "kubernetes-provisioner"
    assert spec.argv[-1] == "ipykernel.ipkernel.IPythonKernel"
    made = pod(spec, query)
    (container,) = made["spec"]["containers"]
    values = {each["name"]: each["value"] for each in container["env"]}
    assert values["QUERY_STRING"] == query
    assert "hostNetwork" not in made["spec"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "400Mi"}


def test_units_of_systemd_have_a_command_and_the_timer_begins_the_build() -> None:
    read = {}
    for path in (DEPLOY / "systemd").iterdir():
        read[path.name] = configparser.ConfigParser(strict=False, interpolation=None)
        read[path.name].optionxform = str
        read[path.name].read(path)
    commands = {name: unit.get("Service", "ExecStart", fallback="") for name, unit in read.items()}
    assert commands["evalkit.service"].split("/bin/")[1].startswith("evalkit serve")
    assert commands["evalkit-build.service"].endswith("/bin/evalkit build")
    assert read["evalkit-build.timer"].has_option("Timer", "OnCalendar")


def test_nginx_lets_through_no_larger_message_than_the_server_takes() -> None:
    said = (DEPLOY / "nginx" / "evalkit.conf").read_text(encoding="utf-8")
    assert "client_max_body_size 64k;" in said
    assert messages.LARGEST == 256 * 1024


def test_memory_of_a_container_counts_and_without_one_that_of_the_computer(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("2147483648\n")
    whole = capacity.memory(tmp_path / "absent")
    assert capacity.memory(limit) == min(whole, 2**31)
    limit.write_text("max\n")
    assert capacity.memory(limit) == whole
