// What stands between clients and endpoints, resolved; microseconds.

export type FrontSpec =
  /** A load balancer that sends to pods: ready ones once they are registered, others until they are deregistered. */
  | { readonly type: 'podTargets'; readonly registrationUs: number; readonly deregistrationUs: number }
  /** A load balancer that sends to nodes, which it takes for healthy or not after so long of the same answers. */
  | { readonly type: 'nodeTargets'; readonly checkUs: number }
  /** Each client asks DNS for the ready pods again after `cacheUs`. */
  | { readonly type: 'dns'; readonly cacheUs: number }
