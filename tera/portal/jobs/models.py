"""Jobs: what somebody ordered, how far it is, and where its file lies."""

from pathlib import Path

from django.conf import settings
from django.db import models

from tera.portal.units.models import Unit


class State(models.TextChoices):
    """How far a job is; the stored code never changes."""

    WAITING = "WAITING", "menunggu"
    RUNNING = "RUNNING", "dikerjakan"
    DONE = "DONE", "selesai"
    FAILED = "FAILED", "gagal"


class Job(models.Model):
    """One job. `kind` names a function in the setting JOBS, which gets `arguments`.

    `attempt` counts how often a worker began it: only who holds the last one may say how it goes on. `file`
    lies below `settings.JOBS_FOLDER` and is empty where there is none, or no more.
    """

    kind = models.CharField(max_length=32)
    arguments = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    about = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    file = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)

    class Meta:
        """What workers look for, again and again."""

        indexes = (models.Index(fields=("state", "created_at"), name="job_by_state"),)

    def __str__(self) -> str:
        """Return what it is about."""
        return self.about

    @property
    def is_over(self) -> bool:
        """Say whether nothing of it changes any more."""
        return self.state in {State.DONE, State.FAILED}

    @property
    def path(self) -> Path:
        """Where its file lies."""
        return Path(settings.JOBS_FOLDER) / self.file

    @property
    def name(self) -> str:
        """The name under which its file is downloaded."""
        return Path(self.file).name
