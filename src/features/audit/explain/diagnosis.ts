/** Builds a diagnosis from its table, with what the story adds. */
import { actionFor } from './actions.js';
import { diagnoses, type DiagnosisCode } from './diagnoses.js';
import { reasonText } from './reason-texts.js';
import { sentence } from './sentences.js';
import type { Diagnosis, StoryKind } from './story.js';

interface Additions {
  /** Clauses after the meaning. */
  readonly details?: readonly (string | undefined)[];
  /** Replaces the fix of the table. */
  readonly fix?: string | undefined;
}

export function diagnosis(code: DiagnosisCode, { details = [], fix }: Additions = {}): Diagnosis {
  const { meaning, fix: usual } = diagnoses[code];
  const text = [meaning, ...details.filter((detail) => detail !== undefined)].join('; ');
  return { code, sentence: sentence(text), fix: fix || usual };
}

/** With the meaning of the reason, and what to do about it. */
export function diagnosisOf(
  code: DiagnosisCode,
  kind: StoryKind,
  reason: string,
  details: Additions['details'] = [],
): Diagnosis {
  const text = reasonText(kind, reason);
  return diagnosis(code, {
    details: [text?.meaning ?? `the reason is ${reason}`, ...details],
    fix: actionFor(kind, reason, text?.fix),
  });
}
