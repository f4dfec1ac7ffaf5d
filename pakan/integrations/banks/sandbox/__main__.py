from pakan.integrations.banks.sandbox.server import main

main()
