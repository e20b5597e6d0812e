"""What tests and measurements may change about the portal: speed, and each behaviour that public material leaves open.

Every default is what is most likely true of the real service.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The switches of one portal. They are kept with its state and come back to their defaults with a reset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency_ms: int = Field(default=0, ge=0)
    """Added to every answer of the Automation API."""

    processing_ms: int = Field(default=0, ge=0)
    """The least time for which a dataset is `processing`."""

    limit_out_of_range: Literal["refuse", "clamp"] = "refuse"
    """A `limit` below 0 or above 1000: a validation error, or the nearest allowed value."""

    refusal_body: Literal["error_code", "legacy", "empty"] = "error_code"
    """The body of a 401 or 403: the Automation API's own form, that of the older Management API, or none."""

    throttled_body: Literal["error_code", "quota"] = "quota"
    """The body of a 429: the Automation API's own form, or that of the platform's quota."""

    group_uid_separator: Literal["_", "-"] = "_"
    """What joins the words of a group's title in its uid."""

    duplicate_group_title: Literal["accept", "refuse"] = "accept"
    """A group with a title that is taken: another uid, with a number behind it, or a validation error."""

    omitted_in_put: Literal["keep", "clear"] = "keep"
    """What a PUT of a group, a user or a connection does to a property that it does not name."""

    open_invitation: Literal["listed", "hidden"] = "listed"
    """A user who has not joined yet: told like any other, or unknown (and without a username) until they join."""

    names_of_users: Literal["ignored", "written"] = "ignored"
    """First and last name in a PUT of a user: an account is shared by all portals, so one portal does not rename it."""

    connection_secret_left_out: Literal["kept", "cleared"] = "kept"
    """What a PUT of a connection does to a secret that it leaves out or gives as null."""

    connection_in_use: Literal["refuse", "delete"] = "refuse"
    """A DELETE of a connection that datasets use: a validation error, or it is deleted."""

    api_key_told: Literal["always", "once"] = "always"
    """Whether the key itself is told again after the answer to its creation, or is null from then on."""

    domain_timezone: str = "Europe/Paris"
    """The timezone that a new dataset gets."""

    domain_language: str = "en"
    """The language of the portal."""

    restrict_new_datasets: bool = False
    """Whether a new dataset that does not say so is restricted."""

    open_templates: tuple[str, ...] = (
        "custom",
        "dcat",
        "dcat_ap",
        "dcat_ap_ch",
        "inspire",
        "semantic",
        "admin",
    )
    """The metadata templates beside the four standard ones; each takes any field."""

    unknown_metadata: Literal["not_found", "invalid"] = "not_found"
    """A write to a template or a field that the portal does not have."""

    empty_template: Literal["not_found", "empty"] = "not_found"
    """A GET of a metadata template of which a dataset has no value."""

    metadata_defaults_after_put: Literal["filled_in", "left_out"] = "filled_in"
    """Whether the values that the service fills in come back after a PUT or a DELETE without them."""

    metadata_in_dataset_put: Literal["replaces", "merges"] = "replaces"
    """What `metadata` in a PUT of a dataset does to the fields that it leaves out."""

    custom_metadata_at_creation: Literal["ignored", "kept"] = "ignored"
    """What becomes of fields outside the four standard templates in the POST of a dataset."""

    duplicate_dataset_id: Literal["refuse", "accept", "suffix"] = "refuse"
    """A dataset_id that is taken: a validation error, two of the same, or another one with a number behind it."""

    forbidden_dataset: Literal["forbidden", "not_found"] = "forbidden"
    """A dataset that the caller may not edit: 403 or 404."""

    write_while_busy: Literal["accept", "refuse"] = "accept"
    """A change of the configuration of a dataset that is queued or being processed."""

    delete_while_busy: Literal["refuse", "accept"] = "refuse"
    """A DELETE of a dataset that is queued or being processed."""

    creator_gets_rule: bool = False
    """Whether who creates a dataset gets an access rule with all permissions on it."""

    queued_after_ms: int = Field(default=0, ge=0)
    """How long after its acknowledgement a publish shows in the status; until then it is what it was."""

    publish_metadata_of_unpublished: Literal["refuse", "accept"] = "refuse"
    """publish_metadata of a dataset that is not published: a 400, or a 200 without effect."""

    publish_metadata_status: Literal["queued", "unchanged"] = "queued"
    """Whether publish_metadata takes the dataset through queued and processing, or leaves its status as it is."""

    same_file_name: Literal["suffix", "overwrite"] = "suffix"
    """A file of a name that the dataset has already: another uid, with a number behind it, or the same, overwritten."""

    uploaded_file_told: Literal["uid", "whole"] = "uid"
    """The file of a resource in an answer: its uid only, or all that is known of it."""

    encoding_told: Literal["as_sent", "lower"] = "as_sent"
    """The encoding among the params of a resource: as it was sent, or in the portal's own spelling."""

    order_args_accepted: bool = False
    """Whether the configuration `order` of fields takes its list as `args`, the description's word, as well."""

    type_of_entry: Literal["fixed", "free"] = "fixed"
    """Whether a PUT may change the type of a field configuration or a processor."""

    second_rule: Literal["refuse", "replace"] = "refuse"
    """A second POST of an access rule for the same target: a validation error, or it replaces the first."""

    unused_inline_connection: Literal["kept", "deleted"] = "kept"
    """What becomes of a connection that was made for one resource, when that uses it no longer."""

    failed_first_publish: Literal["unpublished", "published"] = "unpublished"
    """Whether a dataset of which the first processing failed counts as published."""

    connection_rule_status: Literal[200, 201] = 200
    """The status of the answer to a new access rule of a connection (201 for a dataset, always)."""

    schedules_more_than_daily: Literal["accept", "refuse"] = "accept"
    """A schedule that may fall due more than once a day, which not every plan allows."""

    schedule_without_remote_source: Literal["accept", "refuse"] = "accept"
    """A schedule of a dataset that has only uploaded files, or nothing."""

    same_schedule: Literal["accept", "conflict"] = "accept"
    """A schedule that the dataset has already: one more, or a 409."""

    cron_told: Literal["as_sent", "normal"] = "as_sent"
    """The expression of a schedule in an answer: as it was sent, or with single spaces."""

    attachment_uid: Literal["uid", "filename"] = "uid"
    """What identifies an attachment: a uid like that of other objects, or the name of its file."""

    copy_takes_rules: bool = False
    """Whether the copy of a dataset has its access rules."""

    realtime_backup: bool = False
    """Whether the records that were pushed to a dataset can be recovered after it was unpublished, or are lost."""

    federated_domains: dict[str, str] = Field(default_factory=dict)
    """Other portals: their domain_id, and the address of an emulator that stands for each."""
