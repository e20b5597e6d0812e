"""The switches of a portal for tests and measurements: its speed, and each behaviour that is not publicly documented.

Every default is the most likely behaviour of the service.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The switches of one portal. They are stored with its state; a reset sets them to their defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency_ms: int = Field(default=0, ge=0)
    """Added to every response of the Automation API."""

    processing_ms: int = Field(default=0, ge=0)
    """The shortest time that a dataset is `processing`, and that a harvester is `processing` or `deleting`."""

    processing_at_once: int = Field(default=4, ge=1)
    """So many orders (to publish or unpublish) are executed at once; the others are `queued`. At most four compute."""

    limit_out_of_range: Literal["refuse", "clamp"] = "refuse"
    """A `limit` below 0 or above 1000: a validation error, or the nearest allowed value. Both are as likely: a public
    script of an inventory requests 5000 and works with either response."""

    refusal_body: Literal["error_code", "legacy", "empty"] = "error_code"
    """The body of a 401 or 403: the Automation API's own form, that of the older Management API, or none."""

    throttled_body: Literal["error_code", "quota"] = "quota"
    """The body of a 429: the Automation API's own form, or that of the platform's quota."""

    group_uid_separator: Literal["_", "-"] = "_"
    """The separator between the words of a group's title in its uid."""

    duplicate_group_title: Literal["accept", "refuse"] = "accept"
    """A group with a title that is taken: another uid, with a number at its end, or a validation error."""

    omitted_in_put: Literal["keep", "clear"] = "keep"
    """A PUT of a group, a user, a connection, a page or a harvester: it keeps the properties that it omits, or clears
    them."""

    required_members: Literal["as_observed", "enforced"] = "as_observed"
    """The members that the description requires in a PUT of a user, a group, a connection or a metadata template: only
    those that clients were seen to need, or all of them."""

    read_only_members: Literal["ignored", "refused"] = "ignored"
    """Members that are read-only in such a PUT, or in that of an API key: ignored, or a validation error."""

    empty_text_told: Literal["absent", "null"] = "absent"
    """A time of a user, a media type of an export, or a description of a field that is not known, where the description
    of the API declares a text: absent (a description is empty), or null."""

    further_connection_types: tuple[str, ...] = ("snowflake_odbc", "jcdecaux")
    """The types of connections beside those of the description. Any other type is a validation error."""

    open_invitation: Literal["listed", "hidden"] = "listed"
    """A user who has not joined yet: listed like any other, or unknown (and without a username) until they join."""

    names_of_users: Literal["ignored", "written"] = "ignored"
    """First and last name in a PUT of a user: all portals share an account, so that one portal does not rename it."""

    connection_secret_left_out: Literal["kept", "cleared"] = "kept"
    """A secret that a PUT of a connection omits or sets to null: kept, or cleared."""

    connection_in_use: Literal["refuse", "delete"] = "refuse"
    """A DELETE of a connection that datasets use: a validation error, or it is deleted."""

    api_key_told: Literal["always", "once"] = "always"
    """The key itself in later responses: always contained, or null after the response to its creation."""

    domain_timezone: str = "Europe/Paris"
    """The timezone of a new dataset."""

    domain_language: str = "en"
    """The language of the portal."""

    restrict_new_datasets: bool = False
    """Whether a new dataset is restricted by default."""

    open_templates: tuple[str, ...] = (
        "custom",
        "dcat",
        "dcat_ap",
        "dcat_ap_ch",
        "inspire",
        "semantic",
        "admin",
    )
    """The metadata templates beside the four standard ones. Each takes any field."""

    unknown_metadata: Literal["not_found", "invalid"] = "not_found"
    """A write to a template or a field that the portal does not have: a 404, or a 400."""

    unknown_metadata_at_creation: Literal["invalid", "not_found"] = "invalid"
    """A template or a field that the portal does not have in the POST of a dataset: a 400 that names it, or a 404."""

    further_default_fields: tuple[str, ...] = ()
    """Fields of the template `default` whose existence is not certain: a client writes `theme_id` and `tags`."""

    empty_template: Literal["not_found", "empty"] = "not_found"
    """A GET of a metadata template of which a dataset has no value: a 404, or an empty object."""

    metadata_defaults_after_put: Literal["filled_in", "left_out"] = "filled_in"
    """After a PUT or a DELETE of metadata: the service's defaults are filled in again, or left out."""

    metadata_in_dataset_put: Literal["replaces", "merges"] = "replaces"
    """The metadata fields that a PUT of a dataset omits: removed, or kept."""

    custom_metadata_at_creation: Literal["ignored", "kept", "refused"] = "ignored"
    """Fields outside the four standard templates in the POST of a dataset: ignored, kept, or a validation error."""

    duplicate_dataset_id: Literal["refuse", "accept", "suffix"] = "refuse"
    """A dataset_id that is taken: a validation error, two of the same, or another one with a number at its end."""

    forbidden_dataset: Literal["forbidden", "not_found"] = "forbidden"
    """A dataset that the caller may not edit: 403 or 404."""

    write_while_busy: Literal["accept", "refuse"] = "accept"
    """A change of a dataset or a harvester that is queued or being processed: accepted, or a 400."""

    delete_while_busy: Literal["refuse", "accept"] = "refuse"
    """A DELETE of a dataset or a harvester that is queued or being processed: a 400, or accepted."""

    creator_gets_rule: bool = False
    """Whether the creator of a dataset or a page gets an access rule with all permissions on it."""

    queued_after_ms: int = Field(default=0, ge=0)
    """The delay after which an acknowledged publish, or start of a harvester, shows in its status."""

    records_limit: int | None = Field(default=None, ge=0)
    """The most records that a dataset may have; a processing that finds more ends in `limit_reached`."""

    publish_metadata_of_unpublished: Literal["refuse", "accept"] = "refuse"
    """publish_metadata of a dataset that is not published: a 400, or a 200 without effect."""

    publish_metadata_status: Literal["queued", "unchanged"] = "queued"
    """The status during publish_metadata: queued and processing, or unchanged."""

    same_file_name: Literal["suffix", "overwrite"] = "suffix"
    """A file with a name that is taken in its dataset: another uid, with a number at its end, or it is overwritten."""

    uploaded_file_told: Literal["uid", "whole"] = "uid"
    """The file of a resource in a response: its uid only, or all its properties."""

    resource_without_datasource: Literal["refuse", "accept"] = "refuse"
    """A resource without a datasource whose type is not `realtime`: a validation error, or taken for a realtime one."""

    encoding_told: Literal["as_sent", "lower"] = "as_sent"
    """The encoding among the params of a resource in a response: as it was sent, or in lower case."""

    order_args_accepted: bool = False
    """Whether the field configuration `order` also takes its list as `args`, the name in the description."""

    type_of_entry: Literal["fixed", "free"] = "fixed"
    """Whether a PUT may change the type of a field configuration or a processor."""

    second_rule: Literal["refuse", "replace"] = "refuse"
    """A second POST of an access rule for the same target: a validation error, or it replaces the first."""

    unused_inline_connection: Literal["kept", "deleted"] = "kept"
    """A connection that was created for one resource, after this resource uses it no longer: kept, or deleted."""

    failed_first_publish: Literal["unpublished", "published"] = "unpublished"
    """Whether a dataset whose first processing failed counts as published."""

    connection_rule_status: Literal[200, 201] = 200
    """The status of the response to a new access rule of a connection (201 for a dataset, always)."""

    page_rule_status: Literal[200, 201] = 200
    """The status of the response to a new access rule of a page."""

    page_html: Literal["as_sent", "sanitised"] = "as_sent"
    """The HTML of a code editor page: stored as it was sent, or without scripts and spaces around it."""

    page_languages: Literal["as_sent", "filled_in"] = "as_sent"
    """The content of a code editor page: as it was sent, or with an empty style sheet for each language of its HTML."""

    page_slug_in_put: Literal["renames", "ignored"] = "renames"
    """Another slug in the PUT of a code editor page: the page has it from then on, or it is ignored."""

    same_image_name: Literal["suffix", "overwrite", "refuse"] = "suffix"
    """An image with a name that is taken: another name, with a number at its end, the same one, or a 400."""

    schedules_more_than_daily: Literal["accept", "refuse"] = "accept"
    """A schedule that may fall due more than once a day, which not every plan allows: accepted, or a 400."""

    schedule_without_remote_source: Literal["accept", "refuse"] = "accept"
    """A schedule of a dataset that has only uploaded files, or no resource: accepted, or a 400."""

    same_schedule: Literal["accept", "conflict"] = "accept"
    """A schedule that the dataset has already: one more, or a 409."""

    cron_told: Literal["as_sent", "normal"] = "as_sent"
    """The expression of a schedule in a response: as it was sent, or with single spaces."""

    attachment_uid: Literal["uid", "filename"] = "uid"
    """The identifier of an attachment: a uid like that of other objects, or the name of its file."""

    copy_takes_rules: bool = False
    """Whether the copy of a dataset has its access rules."""

    realtime_backup: bool = False
    """Whether records that were pushed to a dataset can be recovered after it was unpublished."""

    duplicate_harvester_name: Literal["accept", "refuse"] = "accept"
    """A harvester with a name that is taken: another uid, with a number at its end, or a validation error."""

    harvester_secret_left_out: Literal["kept", "cleared"] = "kept"
    """A secret that a PUT of a harvester omits or sets to null: kept, or cleared."""

    further_harvester_types: tuple[str, ...] = ()
    """Types of harvesters beside the 15 of the description. They are stored and never carried out."""

    federated_domains: dict[str, str] = Field(default_factory=dict)
    """Other portals: the URL of an emulator by domain_id."""
