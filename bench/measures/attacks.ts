/** Attacks on sign-ins for an hour, and honest sign-ins meanwhile: what passes the limits, and who is refused. */
import { startSimulation, type Attempt, type Simulation } from '../attack-simulation.js';
import type { Context } from '../measures.js';
import type { Measured, MeasureName, Results } from '../targets.js';

const hourSeconds = 3_600;
const owner = 'owner@example.com';
const networks = Array.from({ length: 200 }, (_, at) => `203.0.${at}.5`);
const accounts = Array.from({ length: 1_000 }, (_, at) => `user-${at}@example.com`);

export async function measureAttacks({ cluster, options }: Context): Promise<Results> {
  const simulation = await startSimulation(await cluster.createDatabase('bench_attacks'));
  const measured: Measured[] = [];
  try {
    for (const [measure, scenario] of Object.entries(scenarios)) {
      await simulation.clear();
      await simulation.moveTo(0);
      const { value, ...figures } = await scenario(simulation);
      options.onProgress(`${measure}: ${value}`);
      measured.push({ measure: measure as MeasureName, value, rounds: [value], figures });
    }
  } finally {
    await simulation.stop();
  }
  return { measured, throughput: [] };
}

type Scenario = (
  simulation: Simulation,
) => Promise<Readonly<Record<string, number>> & { value: number }>;

const scenarios = {
  guessesFromManyNetworks: (simulation) =>
    attack(
      simulation,
      networks.map((address) => always({ account: owner, address })),
    ),
  guessesFromOneNetwork: (simulation) =>
    attack(simulation, [always({ account: owner, address: '203.0.113.5' })]),
  sprayingFromOneNetwork: (simulation) => attack(simulation, [each(accounts, () => '203.0.113.5')]),
  stuffingFromManyNetworks: (simulation) =>
    attack(
      simulation,
      networks.map((address, at) => each(accounts.slice(5 * at, 5 * at + 5), () => address)),
    ),
  refusedOfClass: (simulation) => honest(simulation, { people: 30, seconds: 60, mistypes: 3 }),
  refusedOfOffice: (simulation) => honest(simulation, { people: 300, seconds: 900, mistypes: 10 }),
  refusedOwnerOnKnownDevice: (simulation) =>
    underAttack(simulation, { address: '198.51.100.7', device: 'known' }),
  refusedOwnerInKnownNetwork: async (simulation) => {
    const home = { account: owner, address: '198.51.100.7', hasRightPassword: true };
    await simulation.attempt(home);
    return underAttack(simulation, home);
  },
  refusedOwnerAfterMailedLink: async (simulation) => {
    const address = '198.51.100.7';
    return underAttack(simulation, { address }, () => simulation.unlock(owner, address));
  },
  refusedOwnerElsewhere: (simulation) => underAttack(simulation, { address: '198.51.100.7' }),
} satisfies Partial<Record<MeasureName, Scenario>>;

/** The next guess of one client; undefined if it has no more. */
type NextGuess = () => Attempt | undefined;

const always =
  (attempt: Attempt): NextGuess =>
  () =>
    attempt;

function each(all: readonly string[], addressOf: (account: string) => string): NextGuess {
  const left = [...all];
  return () => {
    const account = left.shift();
    return account === undefined ? undefined : { account, address: addressOf(account) };
  };
}

/** Clients that guess as often as they may: each waits for exactly the time in Retry-After. */
async function attack(
  simulation: Simulation,
  clients: readonly NextGuess[],
  atSecond: (second: number) => Promise<void> = () => Promise.resolve(),
) {
  const dueAt = clients.map(() => 0);
  const waiting = new Map<NextGuess, Attempt>();
  const counts = { value: 0, refusals: 0 };
  for (let second = 0; second < hourSeconds; second += 1) {
    const due = clients.filter((_, at) => (dueAt[at] ?? 0) <= second);
    if (due.length > 0 || second % 60 === 0) await simulation.moveTo(second);
    if (second % 60 === 0) await atSecond(second);
    for (const next of due) {
      const at = clients.indexOf(next);
      const guess = waiting.get(next) ?? next();
      if (guess === undefined) {
        dueAt[at] = Infinity;
        continue;
      }
      const wait = await simulation.attempt(guess);
      if (wait === 0) {
        counts.value += 1;
        waiting.delete(next);
      } else {
        counts.refusals += 1;
        waiting.set(next, guess);
      }
      dueAt[at] = second + Math.max(1, wait);
    }
  }
  return counts;
}

interface People {
  readonly people: number;
  /** All sign in within this time. */
  readonly seconds: number;
  /** One of this many enters a wrong password first. */
  readonly mistypes: number;
}

/** People behind one address, none of whom signed in there before. */
async function honest(simulation: Simulation, { people, seconds, mistypes }: People) {
  const counts = { value: 0, signIns: 0, wrongPasswords: 0 };
  for (let person = 0; person < people; person += 1) {
    await simulation.moveTo((person * seconds) / people);
    const attempt = { account: accounts[person] ?? '', address: '198.51.100.30' };
    if (person % mistypes === 0) {
      counts.wrongPasswords += 1;
      if ((await simulation.attempt(attempt)) > 0) counts.value += 1;
    }
    counts.signIns += 1;
    if ((await simulation.attempt({ ...attempt, hasRightPassword: true })) > 0) counts.value += 1;
  }
  return counts;
}

/** The owner signs in every five minutes while 200 networks guess at the account. */
async function underAttack(
  simulation: Simulation,
  home: Omit<Attempt, 'account'>,
  before: () => Promise<void> = () => Promise.resolve(),
) {
  let refused = 0;
  let signIns = 0;
  const clients = networks.map((address) => always({ account: owner, address }));
  const { value: guesses } = await attack(simulation, clients, async (second) => {
    if (second % 300 !== 60) return;
    if (signIns === 0) await before();
    signIns += 1;
    const wait = await simulation.attempt({ ...home, account: owner, hasRightPassword: true });
    if (wait > 0) refused += 1;
  });
  return { value: refused, signIns, guesses };
}
