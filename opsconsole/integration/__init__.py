"""How far the road to one command is gone: the dated register, stages, milestones, problems, instructions."""
