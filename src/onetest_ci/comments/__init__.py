"""One comment on the pull or merge request, with a section for each job."""
