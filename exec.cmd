@rem The npm scripts begin with `exec`, so that signals reach Node and not a shell around it. cmd.exe has no `exec`: this is it.
@%*
