from pakan.integrations.telcos.sandbox.server import main

main()
