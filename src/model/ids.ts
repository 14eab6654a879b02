// Rows of the model's tables.

import type { Row } from '../base/columns.ts'

export type ImageId = Row<'Image'>
export type TemplateId = Row<'Template'>
export type NodeId = Row<'Node'>
export type DeploymentId = Row<'Deployment'>
export type DaemonSetId = Row<'DaemonSet'>
export type CronJobId = Row<'CronJob'>
export type BudgetId = Row<'PodDisruptionBudget'>
export type ServiceId = Row<'Service'>
export type StatefulSetId = Row<'StatefulSet'>
