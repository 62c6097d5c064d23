"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import Shared, links, walls


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("practice", "0002_walls")]
    operations = [
        Shared("IcdRelease"),
        Shared("IcdCode"),
        *walls("Client", "ChartDiagnosis", "Coverage", "PaymentMethod"),
        *walls(only_grow=("FormDocument", "FormAcknowledgement")),
        *links(client="provider", chartdiagnosis="client", coverage="client payer", paymentmethod="client"),
        *links(formacknowledgement="client document"),
    ]
