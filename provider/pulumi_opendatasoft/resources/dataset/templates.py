"""The values of a dataset's `metadata`: the templates that every portal has, and those of a portal's own."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ...program.descriptors import ListMember, MapMember, Member, member
from ...program.value import Value

_FURTHER = (
    "a field that is not listed in the reference goes into `templates` of ods.Metadata: "
    'templates={{"{}": ods.TemplateMetadata(fields={{"…": …}})}}'
)


class DefaultMetadata(Value):
    """The fields that every dataset has."""

    _others: ClassVar[str] = _FURTHER.format("default")

    title: Member[str | None] = member(default=None, loose=True)
    """The name of the dataset."""

    description: Member[str | None] = member(default=None, loose=True, normalised=True)
    """A description as HTML, which the portal cleans."""

    keyword: ListMember[str] = member(default=None, loose=True, unordered=True)
    """Keywords, by which readers filter the catalogue."""

    modified: Member[str | None] = member(default=None, loose=True, volatile=True)
    """The time of the last modification of the data. The portal may change it by itself; that is not drift."""

    modified_updates_on_metadata_change: Member[bool | None] = member(default=None, loose=True)
    """Whether a change of the metadata updates `modified`."""

    modified_updates_on_data_change: Member[bool | None] = member(default=None, loose=True)
    """Whether a change of the data updates `modified`."""

    geographic_reference: ListMember[str] = member(default=None, loose=True, unordered=True)
    """The places of the data, as ids of the portal such as `"ch_40_12"`."""

    geographic_reference_auto: Member[bool | None] = member(default=None, loose=True)
    """Whether the portal determines the places by itself."""

    language: Member[str | None] = member(default=None, loose=True)
    """The language of the data, for example `"en"`."""

    timezone: Member[str | None] = member(default=None, loose=True)
    """The time zone in which dates are shown, for example `"Europe/Zurich"`."""

    publisher: Member[str | None] = member(default=None, loose=True)
    """The publisher of the dataset."""

    references: Member[str | None] = member(default=None, loose=True)
    """A link to the origin of the data."""

    attributions: ListMember[str] = member(default=None, loose=True, unordered=True)
    """Links to sources that must be named, for example because their licence requires it."""


class VisualizationMetadata(Value):
    """The display of the records."""

    _others: ClassVar[str] = _FURTHER.format("visualization")

    analyze_disabled: Member[bool | None] = member(default=None, loose=True)
    """Hide the analysis tab."""

    analyze_default: Member[str | None] = member(default=None, loose=True)
    """The chart that the analysis tab opens with."""

    table_fields: ListMember[str] = member(default=None, loose=True)
    """The fields shown in the table, in this order."""

    table_default_sort_field: Member[str | None] = member(default=None, loose=True)
    """The field by which the table is first sorted."""

    table_default_sort_direction: Member[str | None] = member(default=None, loose=True)
    """`"asc"` or `"desc"`."""

    map_disabled: Member[bool | None] = member(default=None, loose=True)
    """Hide the map tab."""

    map_marker_picto: Member[str | None] = member(default=None, loose=True)
    """The pictogram of the markers on the map."""

    map_marker_color: Member[str | None] = member(default=None, loose=True)
    """The colour of the markers, as `#rrggbb`."""

    map_marker_hidemarkershape: Member[bool | None] = member(default=None, loose=True)
    """Show the pictogram without the shape of a marker around it."""

    map_tooltip_title: Member[str | None] = member(default=None, loose=True)
    """The field that is the title of the tooltips on the map."""

    map_tooltip_fields: ListMember[str] = member(default=None, loose=True)
    """The fields shown in the tooltips on the map, in this order."""

    map_tooltip_disabled: Member[bool | None] = member(default=None, loose=True)
    """Show no tooltips on the map."""

    map_tooltip_html_enabled: Member[bool | None] = member(default=None, loose=True)
    """Use `map_tooltip_html` for the tooltips on the map."""

    map_tooltip_html: Member[str | None] = member(default=None, loose=True, normalised=True)
    """The HTML template of the tooltips on the map."""

    map_tooltip_sort_field: Member[str | None] = member(default=None, loose=True)
    """The field by which tooltips of one place are sorted."""

    map_tooltip_sort_direction: Member[str | None] = member(default=None, loose=True)
    """`"asc"` or `"desc"`."""

    map_basemap: Member[str | None] = member(default=None, loose=True)
    """The map that lies below, by its id on the portal."""

    images_disabled: Member[bool | None] = member(default=None, loose=True)
    """Hide the image tab."""

    media_gallery_fields: ListMember[str] = member(default=None, loose=True)
    """The fields from which the gallery takes its images."""

    image_title: Member[str | None] = member(default=None, loose=True)
    """The field that is the title of the thumbnails."""

    image_fields: ListMember[str] = member(default=None, loose=True)
    """The fields shown beside an opened image, in this order."""

    image_tooltip_html_enabled: Member[bool | None] = member(default=None, loose=True)
    """Use `image_tooltip_html` for the images."""

    image_tooltip_html: Member[str | list[str] | None] = member(default=None, loose=True, normalised=True)
    """The HTML template of the images. (The description of the API declares a list here, and text elsewhere.)"""

    calendar_enabled: Member[bool | None] = member(default=None, loose=True)
    """Show the calendar tab."""

    calendar_event_title: Member[str | None] = member(default=None, loose=True)
    """The field that is the title of the events."""

    calendar_event_start: Member[str | None] = member(default=None, loose=True)
    """The field that holds the start of the events."""

    calendar_event_end: Member[str | None] = member(default=None, loose=True)
    """The field that holds the end of the events."""

    calendar_tooltip_html_enabled: Member[bool | None] = member(default=None, loose=True)
    """Use `calendar_tooltip_html` for the events."""

    calendar_tooltip_html: Member[str | None] = member(default=None, loose=True, normalised=True)
    """The HTML template of the events."""

    calendar_tooltip_fields: ListMember[str] = member(default=None, loose=True)
    """The fields shown for an event, in this order."""

    calendar_event_color: Member[str | None] = member(default=None, loose=True)
    """The colour of the events, as `#rrggbb`."""

    calendar_available_views: Member[str | None] = member(default=None, loose=True)
    """The views that readers may choose, for example `"month,agendaWeek"`."""

    calendar_default_view: Member[str | None] = member(default=None, loose=True)
    """The view that the calendar opens with."""

    custom_view_enabled: Member[bool | None] = member(default=None, loose=True)
    """Show a tab of your own."""

    custom_view_html: Member[str | None] = member(default=None, loose=True, normalised=True)
    """The content of your tab, as HTML."""

    custom_view_css: Member[str | None] = member(default=None, loose=True, normalised=True)
    """The style of your tab, as CSS."""

    custom_view_icon: Member[str | None] = member(default=None, loose=True)
    """The Font Awesome icon of your tab."""

    custom_view_title: Member[str | None] = member(default=None, loose=True)
    """The title of your tab."""

    custom_view_slug: Member[str | None] = member(default=None, loose=True)
    """The last part of the address of your tab."""


class InternalMetadata(Value):
    """The fields for the administration of the portal."""

    _others: ClassVar[str] = _FURTHER.format("internal")

    license_id: Member[str | None] = member(default=None, loose=True)
    """The id of the licence on this portal (see the back office)."""

    theme_id: ListMember[str] = member(default=None, loose=True, unordered=True)
    """The ids of the themes on this portal (see the back office)."""

    draft: Member[bool | None] = member(default=None, loose=True)
    """Whether the dataset is a draft, which appears in no list and cannot be published."""


class Facet(Value):
    """A filter for the records."""

    field_name: Member[str] = member()
    """The field to filter by."""

    facetsort: Member[Literal["count", "num", "alphanum", "-count", "-num", "-alphanum"] | str | None] = member(
        default=None, loose=True
    )
    """The order of the filter's values."""

    disjunctive: Member[bool | None] = member(default=None, loose=True)
    """Whether several values can be selected at the same time."""

    timerange_filter: Member[bool | None] = member(default=None, loose=True)
    """Whether a period of time can be selected."""


class AssetContentConfiguration(Value):
    """The filters and the full-text search of the records."""

    facets: ListMember[Facet] = member(default=None, loose=True)
    """The filters, in this order. A filter that the program does not list is deleted."""

    fields_displayed_in_specific_languages: MapMember[list[str]] = member(default=None, loose=True)
    """The fields that are shown only in some languages: a mapping of field to languages."""

    records_search_boosts: MapMember[int] = member(default=None, loose=True)
    """The weight of each field in the full-text search. A field with weight 0 is not searched."""


class TemplateMetadata(Value):
    """The fields of any template, by name.

    A template of your own portal (`custom`, `dcat`), or further fields of one that has a class.
    """

    template: Member[str | None] = member(default=None, loose=True, refers_to="MetadataTemplate.name")
    """The name of the template. Left out, it is the key of this entry."""

    fields: MapMember[Any] = member()
    """A mapping of field to value, without the API's `{"value": …}` around it."""


class Metadata(Value):
    """The metadata of a dataset.

    When the program stops naming a field, its value is deleted on the portal. With `UNMANAGED` in its place, the value
    stays and is no longer managed.
    """

    _others: ClassVar[str] = (
        'another template goes into `templates`, by its name: templates={"…": ods.TemplateMetadata(fields={"…": …})}'
    )

    default: Member[DefaultMetadata | None] = member(default=None, loose=True)
    """Title, description, keywords and the other fields that every dataset has."""

    visualization: Member[VisualizationMetadata | None] = member(default=None, loose=True)
    """The display of the records in tables, maps, images and calendars."""

    internal: Member[InternalMetadata | None] = member(default=None, loose=True)
    """Licence, themes, and whether the dataset is a draft."""

    asset_content_configuration: Member[AssetContentConfiguration | None] = member(default=None, loose=True)
    """Filters and full-text search."""

    templates: MapMember[TemplateMetadata] = member(default=None, loose=True)
    """Every other template, by its name."""

    follow_remote: ListMember[str] = member(default=None, unordered=True, loose=True)
    """(federated and harvested datasets) The fields that follow the remote dataset again, as `"default.description"`. A
    field with a value overrides the remote one.
    """
