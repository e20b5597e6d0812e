"""The weather of Seattle on an open-data portal: a file, its metadata, and the rules for its fields."""

import pulumi
import pulumi_opendatasoft as ods

weather = ods.Dataset(
    "seattle-weather",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(
            title="Weather of Seattle",
            description="<p>The weather of every day in Seattle, from 2012 to 2015.</p>",
            keyword=["weather", "climate"],
            language="en",
            publisher="National Oceanic and Atmospheric Administration",
            references="https://www.ncei.noaa.gov/cdo-web/",
        ),
        asset_content_configuration=ods.AssetContentConfiguration(facets=[ods.Facet(field_name="weather")]),
    ),
    sources={
        "days": ods.Source(
            type="csvfile",
            datasource=ods.UploadedFileDatasource(file=ods.File("data/seattle-weather.csv")),
        ),
    },
    fields=[
        ods.TypeField(field="date", type_param="date"),
        ods.RenameField(from_name="temp_max", to_name="highest", field_label="Highest temperature"),
        ods.RenameField(from_name="temp_min", to_name="lowest", field_label="Lowest temperature"),
        ods.AnnotateField(field="highest", annotation="unit", args=["°C"]),
        ods.AnnotateField(field="lowest", annotation="unit", args=["°C"]),
        ods.AnnotateField(field="precipitation", annotation="unit", args=["mm"]),
        ods.AnnotateField(field="wind", annotation="unit", args=["m/s"]),
    ],
    published=True,
)

pulumi.export("address", weather.url)
pulumi.export("uid", weather.uid)
