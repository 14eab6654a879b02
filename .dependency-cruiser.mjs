// The floors of the house: a room imports only from floors before its own, and from itself.
// Rooms on one floor do not import each other. CONTRIBUTING.md draws the same table.
const floors = [
  ['base'],
  ['kernel', 'statistics', 'manifest'],
  ['scenario'],
  ['model'],
  ['cluster'],
  ['controllers', 'scheduler', 'kubelet', 'traffic', 'applications', 'metrics', 'delivery'],
  ['engine'],
  ['sweep', 'conform', 'claims'],
  ['report'],
  ['cli'],
]
const room = (name) => `^src/${name}/`
const notTests = '[.]test[.]ts$'

const onlyLowerRooms = floors.flatMap((floor, level) =>
  floor.map((name) => ({
    name: `${name}-imports-only-lower-rooms`,
    severity: 'error',
    from: { path: room(name), pathNot: notTests },
    to: { path: '^src/', pathNot: [room(name), ...floors.slice(0, level).flat().map(room)] },
  })),
)

/** Only these rooms may import the package; a room that is not listed for any package imports none. */
const packageRooms = {
  seedrandom: ['^src/kernel/random[.]ts$'],
  jstat: [room('statistics')],
  'simple-statistics': [room('statistics')],
  ajv: [room('manifest')],
  yaml: [room('manifest'), room('scenario')],
  zod: [room('scenario')],
  piscina: [room('sweep')],
  'fast-csv': [room('report'), room('sweep')],
  vega: [room('report')],
  'vega-lite': [room('report')],
  'cli-table3': [room('report'), room('cli')],
  picocolors: [room('report'), room('cli')],
  'cli-progress': [room('cli')],
  tinybench: [room('cli')],
  yargs: [room('cli')],
}
const inPackage = (name) => `^node_modules/(@types/)?${name}/`

const packagesInTheirRooms = Object.entries(packageRooms).map(([name, rooms]) => ({
  name: `${name}-only-in-its-rooms`,
  severity: 'error',
  from: { path: '^src/', pathNot: [...rooms, notTests] },
  to: { path: inPackage(name) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...onlyLowerRooms,
    ...packagesInTheirRooms,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'controllers-meet-only-through-the-cluster',
      comment: 'As the real ones meet only through the API server.',
      severity: 'error',
      from: { path: '^src/controllers/([^/]+)/', pathNot: notTests },
      to: { path: '^src/controllers/([^/]+)/', pathNot: '^src/controllers/$1/' },
    },
    {
      name: 'report-reads-results-only',
      severity: 'error',
      from: { path: room('report'), pathNot: notTests },
      to: { path: '^src/', pathNot: ['^src/(report|statistics|base)/', '^src/(metrics|sweep|claims)/types[.]ts$'] },
    },
    {
      name: 'no-machine-in-simulated-rooms',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(manifest|scenario|sweep|conform|claims|report|cli)/', notTests] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-are-declared-in-package-json-and-here',
      severity: 'error',
      from: { path: '^src/', pathNot: notTests },
      to: { path: 'node_modules/', pathNot: Object.keys(packageRooms).map(inPackage) },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: notTests },
      to: { path: notTests },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Without this, imports of types alone escape the rules.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
