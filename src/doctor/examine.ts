/** Every check in order: what a later one builds on comes first. */
import { examineCrossOrigin } from './checks/cross-origin.js';
import { examineHostileOrigins } from './checks/hostile-origins.js';
import { noAnswer } from './checks/no-answer.js';
import { examineReachability } from './checks/reachability.js';
import type { Examination } from './examination.js';
import { unknown, type Finding, type Findings } from './finding.js';
import { NoAnswerError } from './http-client.js';

export interface SectionFinding extends Finding {
  readonly section: string;
}

/** Yields each finding as soon as it is known. @throws what interrupted it */
export async function* examine(
  examination: Examination,
): AsyncGenerator<SectionFinding, void, undefined> {
  const isThere = yield* section('Reachability', examineReachability(examination));
  if (isThere !== true) {
    const fix = 'mend what stands above, then ask again';
    yield { section: 'The rest', ...unknown('NOT_EXAMINED', { seen: 'not examined', fix }) };
    return;
  }
  yield* section('Cross-origin', examineCrossOrigin(examination));
  yield* section('Hostile origins', examineHostileOrigins(examination));
}

/** A check that gets no answer half-way is told, and the next one begins. */
async function* section<Learnt>(
  name: string,
  findings: Findings<Learnt>,
): AsyncGenerator<SectionFinding, Learnt | undefined, undefined> {
  try {
    for (;;) {
      const { done, value } = await findings.next();
      if (done === true) return value;
      yield { section: name, ...value };
    }
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield { section: name, ...noAnswer(error) };
    return undefined;
  } finally {
    await findings.return(undefined as Learnt);
  }
}
