"""The line to one caller: what carries it, its clock, how well it carried, and who may call."""
