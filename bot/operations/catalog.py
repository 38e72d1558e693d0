"""Every operation, in the order in which people meet them."""

from collections.abc import Mapping

from bot.operations.clear_tasks import ClearTasks
from bot.operations.grant_access import GrantAccess
from bot.operations.operation import Operation
from bot.operations.rerun_load import RerunLoad

Catalog = Mapping[str, type[Operation]]

CATALOG: Catalog = {operation.name: operation for operation in (ClearTasks, RerunLoad, GrantAccess)}
