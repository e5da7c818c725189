"""Versions of other products: `nginx:1.25.3` and `kernel 5.15` say nothing about the release. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_PRODUCTS = """
aarch64 alertmanager alma almalinux alpine amazonlinux ansible apache arm argocd awscli bash busybox caddy cassandra
celery centos ceph chrome cilium clickhouse consul containerd coredns couchdb cuda curl dash debian distroless
django docker dotnet elasticsearch envoy erlang etcd express fedora firefox flask fluentd fluentbit flyway gcc git
glibc go golang gradle grafana gunicorn haproxy harbor helm http httpd http2 influxdb ipv4 istio jaeger java jdk
jenkins jetty jre jruby kafka kernel keycloak kibana kotlin kube kubectl kubernetes k8s kustomize lambda libc
liquibase linkerd linux loki logstash lua mariadb maven memcached minio mongo mongodb mysql nats nextjs nginx node
nodejs nomad npm ntp openjdk openresty opensearch openshift openssh openssl opentelemetry openvpn otel oracle perl
php pip pgbouncer podman postfix postgis postgres postgresql powershell prometheus proxysql psql pulsar python
python2 python3 quarkus rabbitmq rails react redis redhat rhel rocky rockylinux ruby rust scala snapshotter solr
spark spring sqlite sqlserver squid ssh ssl systemd tempo temurin terraform thanos tls tomcat traefik typescript ubi
ubi8 ubi9 ubuntu uvicorn valkey varnish vault vector vue wildfly windows yarn zabbix zookeeper zsh
"""
_KNOWN = frozenset(_PRODUCTS.split())
_WORDS = """
app artifact backup branch build chart commit component db deploy dump from image images is of package ref refs
release releases restore rev revision rollback service snapshot tag tags to v ver version versions web with worker
"""
_ORDINARY = frozenset(_WORDS.split())
_NAME = r"([A-Za-z][\w.+]*(?:-[A-Za-z][\w.+]*)*)"
_BESIDE = re.compile(
    rf"{_NAME}(?:-(?:server|client|image|lts|slim|alpine))?(?:[:@/=_ -]|==|\s)?(?:version\s|v)?$", re.IGNORECASE
)
_PACKAGE = re.compile(rf"{_NAME}(?::|@|==)v?$")
_PART = re.compile(r"[-_./]+")


def is_of_another_product(before: str) -> bool:
    """Whether a version with this text right before it is that of a well-known product."""
    match = _BESIDE.search(before[-60:])
    if match is None:
        return False
    words = [word.casefold() for word in _PART.split(match[1])]
    return words[-1] in _KNOWN or words[0] in _KNOWN


def is_of_another_package(before: str, version: str, names: Collection[str], ours: Collection[str]) -> bool:
    """Whether it is the version of an image or a package that has nothing in common with the release's `names`.

    One whose first figure is that of a version of `ours` may be a part of the release that nobody listed.
    """
    match = _PACKAGE.search(before[-80:])
    if match is None or "$" in before[match.start() - 1 : match.end()]:
        return False
    words = set(filter(None, _PART.split(match[1].casefold())))
    own = {word for name in names for word in filter(None, _PART.split(name.casefold()))}
    near = {one.partition(".")[0] for one in ours}
    return not words & (own | _ORDINARY) and version.partition(".")[0] not in near
