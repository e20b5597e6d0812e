"""The complete portal of a small city: people, datasets, what the region has, and pages."""

import pulumi
import pulumi_opendatasoft as ods

password = pulumi.Config().get_secret("regionPassword") or pulumi.Output.secret("not-a-secret")

# People and programs
team = ods.Group("team", title="Open data team", permissions=["edit_dataset", "publish_dataset", "edit_page"])
ods.User("ana", email="ana@smallcity.example", groups=[team.uid])
dashboards = ods.ApiKey("dashboards", label="Dashboards", permissions=["explore_restricted_dataset"])
pulumi.export("key", dashboards.key)

# Datasets: one of the city's own, and one from the region's file server. Both name the office that answers questions.
care = ods.MetadataTemplate("care", title="Care", schema=[ods.MetadataField(name="office", label="Office")])
server = ods.FTPConnection(
    "server", url="ftp://files.region.example", auth=ods.BasicAuth(username="our-city", password=password)
)
DATA: dict[str, tuple[str, str, ods.UploadedFileDatasource | ods.FTPDatasource]] = {
    "trees": ("Trees of the city", "Parks", ods.UploadedFileDatasource(file=ods.File("data/trees.csv"))),
    "rain": ("Rain", "Water", ods.FTPDatasource(connection=server.uid, relative_url="/measurements/rain.csv")),
}
for name, (title, office, datasource) in DATA.items():
    dataset = ods.Dataset(
        name,
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(title=title, publisher="Small City", language="en"),
            templates={"care": ods.TemplateMetadata(template=care.name, fields={"office": office})},
        ),
        sources={"file": ods.Source(type="csvfile", datasource=datasource)},
        group_access=[ods.DatasetGroupAccess(group=team.uid, permissions=["edit_dataset", "publish_dataset"])],
        published=True,
    )
    pulumi.export(name, dataset.url)

# The datasets that the region lists on its server, which go when the harvester goes
ods.Harvester(
    "region",
    name="Open data of the region",
    source=ods.FTPCSVHarvest(
        host="files.region.example",
        user="our-city",
        password=password,
        directory="/open-data",
        metadata_file="datasets.csv",
    ),
    run="change",
    published=True,
    delete_attached_datasets=True,
)

# Pages: one in files, with a logo that stays on the portal, and one that the team makes in Studio
ods.Image("logo", file=ods.File("images/small-city.svg"))
html, css = ods.TextFile("pages/welcome.html"), ods.TextFile("pages/style.css")
welcome = ods.CodeEditorPage(
    "welcome", title={"en": "Welcome"}, content=ods.PageContent(html={"en": html}, css={"en": css})
)
pulumi.export("welcome", welcome.url)
ods.StudioPage("budget", slug="budget", group_access=[ods.GroupAccess(group=team.uid, permissions=["edit_page"])])
