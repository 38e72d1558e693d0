"""The commands of `baton`, a module for each subject. Heavy imports wait until a command needs them."""
