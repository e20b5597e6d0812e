import pulumi
import pulumi_opendatasoft as ods

air = ods.Dataset(
    "air-quality",
    sources={
        "measures": ods.Source(
            type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("data/measures.csv"))
        )
    },
    attachments={"guide.pdf": ods.File("docs/guide.pdf")},
    alternative_exports={"GeoPackage": ods.AlternativeExport(file=ods.File("data/air.gpkg"))},
)


def copies(uid: str) -> list[str]:
    """Copy every file of a dataset to the folder `copies`, and return the paths."""
    paths = []
    for source in ods.list_dataset_sources(uid):
        if source.datasource and source.datasource.file:
            file = ods.get_dataset_file(uid, source.datasource.file.uid)
            paths.append(ods.download_dataset_file(uid, file.uid, f"copies/{file.filename}"))
    for one in ods.list_attachments(uid):
        name = ods.get_attachment(uid, one.uid).filename
        paths.append(ods.download_attachment(uid, one.uid, f"copies/{name}"))
    for listed in ods.list_alternative_exports(uid):
        export = ods.get_alternative_export(uid, listed.uid)
        if export.filename:  # else it is a link
            paths.append(ods.download_alternative_export(uid, export.uid, f"copies/{export.filename}"))
    return paths


pulumi.export("copies", air.uid.apply(copies))
