import pulumi
import pulumi_opendatasoft as ods

server = ods.HTTPConnection("file-server", url="https://files.mycity.org", headers={"X-Client": "open-data-portal"})

# The headers of a connection are secrets, and so is the whole result.
found = ods.get_connection_output(server.uid)
pulumi.export("datasets", pulumi.Output.unsecret(found.dataset_count))
pulumi.export("connections", len(ods.list_connections(sort="-created_at")))
