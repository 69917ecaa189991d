"""The room of those who work on tasks: inbox, queues, the task page, notices."""
