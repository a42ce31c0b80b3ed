import Host

WorkbenchCommand.run()
