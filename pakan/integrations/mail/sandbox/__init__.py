"""The sandbox mail server: takes e-mail over SMTP and shows it on a page. `python -m pakan.integrations.mail.sandbox`."""
