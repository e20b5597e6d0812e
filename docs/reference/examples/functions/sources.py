import pulumi
import pulumi_opendatasoft as ods

login = ods.BasicAuth(username="portal", password=pulumi.Config().require_secret("fileServerPassword"))
server = ods.HTTPConnection("file-server", url="https://files.mycity.org", auth=login)
traffic = ods.Dataset("traffic")
counts = ods.HTTPDatasource(connection=server.uid, relative_url="/traffic.csv")

# Try a file before it is a source: which extractor fits, with which parameters, and what it would read.
guessed = ods.guess_extractors_output(traffic.uid, datasource=counts)
extractor = guessed.apply(lambda extractors: extractors[0].type)
params = ods.guess_extractor_params_output(traffic.uid, datasource=counts, type=extractor).params
preview = ods.preview_source_output(traffic.uid, datasource=counts, type=extractor, params=params)
pulumi.export("extractor", extractor)
pulumi.export("fields", preview.fields.apply(lambda fields: [field.name for field in fields]))


def titles(uid: str) -> list[str | None]:
    """The titles of the sources of a dataset, each read by its uid."""
    return [ods.get_dataset_source(uid, source.uid).title for source in ods.list_dataset_sources(uid)]


pulumi.export("sources", traffic.uid.apply(titles))

# The files that the portal can read, and the processors that it has.
pulumi.export("extractors", [extractor.type for extractor in ods.list_extractors()])
pulumi.export("processors", [processor.label for processor in ods.list_processors()])
