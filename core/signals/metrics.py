"""Metrics for Prometheus, read from the rows when they are asked for: no request leaves a trace in this process.

Text format 0.0.4 (Prometheus docs, Exposition formats). Labels are words of ours, never what people or the provider
wrote, so that their number stays small and nothing secret gets out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import heartbeat
from core.lanes import limit_of
from core.lifecycle import FINAL, HOLDS_SLOT, TaskStatus
from core.models import AlertDelivery, Asset, Heartbeat, Lane, ProviderKey, Task
from core.pauses import standing
from core.signals.scope import scope_of
from core.signals.times import Times, queue_times, working_times
from core.tripo.catalog import POOL_LIMITS

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
MOST_CODES: Final = 50
MOST_KEYS: Final = 50


def metrics_text(session: Session, now: datetime) -> bytes:
    """Write all metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows(session, now))
    return generate_latest(registry)


class _Rows(Collector):
    """Reads each family from the rows."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def describe(self) -> list[Metric]:
        """Promise nothing: the rows are read once, when they are collected."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read all families."""
        yield from self._tasks()
        yield self._failures()
        yield self._assets()
        yield from self._times()
        yield from self._keys()
        yield from self._processes()

    def _tasks(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "hatchery_tasks_ended", "Steps that ended, by outcome.", labels=["step", "outcome"]
        )
        under_way = GaugeMetricFamily(
            "hatchery_tasks_open", "Steps that have not ended.", labels=["step", "status"]
        )
        spent = CounterMetricFamily(
            "hatchery_credits_spent", "Credits that steps have cost.", labels=["step"]
        )
        costs: dict[str, Decimal] = {}
        counts = select(Task.kind, Task.status, func.count(), func.sum(Task.credits))
        for kind, status, count, cost in self._session.execute(counts.group_by(Task.kind, Task.status)):
            family = ended if status in FINAL else under_way
            family.add_metric([kind.value, status.value], count)
            costs[kind.value] = costs.get(kind.value, Decimal(0)) + (cost or 0)
        for step, cost in costs.items():
            spent.add_metric([step], float(cost))
        yield from (ended, under_way, spent)

    def _failures(self) -> Metric:
        family = CounterMetricFamily(
            "hatchery_failures", "Failed steps, by our word for the cause.", labels=["step", "cause"]
        )
        counts = (
            select(Task.kind, Task.error_code, func.count())
            .where(Task.status == TaskStatus.FAILED)
            .group_by(Task.kind, Task.error_code)
            .order_by(func.count().desc(), Task.kind, Task.error_code)
        )
        rest: dict[str, int] = {}
        for place, (kind, code, count) in enumerate(self._session.execute(counts)):
            if place < MOST_CODES:
                family.add_metric([kind.value, code or "unknown"], count)
            else:
                rest[kind.value] = rest.get(kind.value, 0) + count
        for step, count in rest.items():
            family.add_metric([step, "other"], count)
        return family

    def _assets(self) -> Metric:
        family = GaugeMetricFamily("hatchery_assets", "Assets, by where they stand.", labels=["status"])
        for status, count in self._session.execute(select(Asset.status, func.count()).group_by(Asset.status)):
            family.add_metric([status.value], count)
        return family

    def _times(self) -> Iterator[Metric]:
        scope = scope_of("24h", self._now)
        hour = scope.begins()[-2]  # the last whole hour and what there is of this one
        for name, text, read in (
            ("hatchery_step_seconds", "How long the provider works on a step.", working_times),
            ("hatchery_queue_seconds", "How long a step waits until the provider takes it.", queue_times),
        ):
            family = GaugeMetricFamily(
                name, f"{text} The last hour in which one ended.", labels=["step", "quantile"]
            )
            newest: dict[str, Times] = {
                times.kind.value: times for times in read(self._session, scope._replace(since=hour))
            }
            for step, times in newest.items():
                family.add_metric([step, "0.5"], times.p50_seconds)
                family.add_metric([step, "0.95"], times.p95_seconds)
            yield family

    def _keys(self) -> Iterator[Metric]:
        held = GaugeMetricFamily(
            "hatchery_slots_held", "The provider's places that are taken.", labels=["key", "pool"]
        )
        limit = GaugeMetricFamily(
            "hatchery_slots_limit", "The provider's places that there are.", labels=["key", "pool"]
        )
        balance = GaugeMetricFamily(
            "hatchery_balance_credits", "Credits left in the key's wallet.", labels=["key"]
        )
        stopped = GaugeMetricFamily(
            "hatchery_key_stopped", "1 while nothing is sent with the key.", labels=["key"]
        )
        taken = select(Task.key_id, Task.pool, func.count()).where(Task.status.in_(HOLDS_SLOT))
        counts = {
            (key_id, pool): count
            for key_id, pool, count in self._session.execute(taken.group_by(Task.key_id, Task.pool))
        }
        lanes = {(lane.key_id, lane.pool): lane for lane in self._session.scalars(select(Lane))}
        for key in self._session.scalars(
            select(ProviderKey)
            .where(
                or_(ProviderKey.retired_at.is_(None), ProviderKey.id.in_([key_id for key_id, _ in counts]))
            )
            .order_by(ProviderKey.created_at)
            .limit(MOST_KEYS)
        ):
            name = key.id[:8]
            stopped.add_metric([name], float(key.stopped_word is not None))
            if key.balance is not None:
                balance.add_metric([name], float(key.balance))
            for pool in POOL_LIMITS[key.version]:
                held.add_metric([name, pool], counts.get((key.id, pool), 0))
                limit.add_metric([name, pool], limit_of(lanes.get((key.id, pool)), key, pool, self._now))
        yield from (held, limit, balance, stopped)

    def _processes(self) -> Iterator[Metric]:
        last = heartbeat.last_of(self._session, "poller")
        alive = select(func.count()).where(
            Heartbeat.role == "poller", Heartbeat.name.in_(heartbeat.alive(self._session, self._now))
        )
        yield GaugeMetricFamily(
            "hatchery_pollers", "Pollers that are alive.", self._session.scalar(alive) or 0
        )
        yield GaugeMetricFamily(
            "hatchery_poller_last_seen_timestamp_seconds",
            "When a poller was last heard of; 0: never.",
            last.timestamp() if last else 0,
        )
        yield GaugeMetricFamily(
            "hatchery_paused", "Pauses by hand that are in force.", len(standing(self._session))
        )
        on_its_way = (AlertDelivery.delivered_at.is_(None), AlertDelivery.given_up_at.is_(None))
        yield GaugeMetricFamily(
            "hatchery_alerts_waiting",
            "Alerts that have not been delivered yet.",
            self._session.scalar(select(func.count()).select_from(AlertDelivery).where(*on_its_way)) or 0,
        )
