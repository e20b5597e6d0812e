import pulumi
import pulumi_opendatasoft as ods

logo = ods.Image("logo", file=ods.File("images/logo.svg"))
pulumi.export("logo", logo.url)
