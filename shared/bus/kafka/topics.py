"""Creates topics on Kafka and compares what is there with what should be."""

from collections.abc import Sequence
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError, for_code

from shared.bus.kafka.cluster import Cluster
from shared.bus.port import Topic

DAY_MS = 24 * 60 * 60 * 1000


def create_topics(admin: Any, cluster: Cluster, topics: Sequence[Topic]) -> list[str]:
    """Create the missing ones, wait until they can be used, return their names."""
    there = described(admin, [cluster.named(topic.name) for topic in topics])
    missing = {topic.name: topic for topic in topics if cluster.named(topic.name) not in there}
    if not missing:
        return []
    wanted = {
        cluster.named(name): {"num_partitions": topic.partitions, "configs": _settings(topic)}
        for name, topic in missing.items()
    }
    answer = admin.create_topics(wanted, raise_errors=False)
    created = [cluster.ours(result["name"]) for result in answer["topics"] if _was_created(result)]
    admin.wait_for_topics(list(wanted))
    return created


def differences(admin: Any, cluster: Cluster, topics: Sequence[Topic]) -> list[str]:
    """What is missing or differs, one sentence each."""
    names = {topic.name: cluster.named(topic.name) for topic in topics}
    there = described(admin, list(names.values()))
    found = []
    for topic in topics:
        if names[topic.name] in there:
            actual = _actual_settings(admin, names[topic.name])
            found += _compare(topic, names[topic.name], there[names[topic.name]], actual)
        else:
            found.append(f"Topic {names[topic.name]} is missing")
    return found


def described(admin: Any, names: Sequence[str]) -> dict[str, int]:
    """Name → number of partitions, of those that exist."""
    return {
        topic["name"]: len(topic["partitions"])
        for topic in admin.describe_topics(list(names))
        if not topic["error_code"]
    }


def _settings(topic: Topic) -> dict[str, str]:
    if topic.compacted:
        return {"cleanup.policy": "compact"}
    return {"cleanup.policy": "delete", "retention.ms": str(topic.retention_days * DAY_MS)}


def _was_created(result: dict[str, Any]) -> bool:
    """False when somebody else was faster; raises what else went wrong."""
    error = for_code(result["error_code"])
    if error is TopicAlreadyExistsError:
        return False
    if result["error_code"]:
        raise error(f"{result['name']}: {result.get('error_message')}")
    return True


def _actual_settings(admin: Any, name: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, name)
    answer = admin.describe_configs([resource], config_filter="all")
    return {key: entry["value"] for key, entry in answer["topic"][name].items()}


def _compare(topic: Topic, name: str, partitions: int, actual: dict[str, str]) -> list[str]:
    found = []
    if partitions != topic.partitions:
        found.append(f"Topic {name} has {partitions} partitions, not {topic.partitions}")
    for key, value in _settings(topic).items():
        if actual.get(key) != value:
            found.append(f"Topic {name} has {key} {actual.get(key)}, not {value}")
    return found
