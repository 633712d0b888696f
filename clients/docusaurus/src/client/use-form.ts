/** A form that is sent by script: validated first, one request at a time, and every error next to its field. */
import { useEffect, useRef, useState, type InputEvent, type SubmitEvent } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Outcome, Refusal } from './outcome.js';
import { refusedField, refusedProfileInputs } from './refused-field.js';
import { useCountdown } from './use-countdown.js';

type ReadField = (name: string) => string;

/** Error messages by the name of the input. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

export interface Form {
  readonly isBusy: boolean;
  /** The error of the last attempt, whether it concerns one field or the whole form. */
  readonly failure: string | undefined;
  /** The error of each input. The first input with an error gets the focus. */
  readonly errors: FieldErrors;
  /** The error of the last attempt, if it concerns no single input. */
  readonly refusal: Refusal | undefined;
  /** How long the service asked to wait; until then nothing is sent. */
  readonly secondsLeft: number;
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => Promise<void>;
  /** Clears the error of an input as soon as its value changes. */
  readonly onInput: (event: InputEvent<HTMLFormElement>) => void;
}

/**
 * @param send reads the inputs by name
 * @param onDone is called after a success
 * @param check validates the inputs before the request is sent
 */
export function useForm(
  send: (field: ReadField) => Promise<Outcome>,
  onDone: (form: HTMLFormElement) => void,
  check: (field: ReadField) => FieldErrors = () => ({}),
): Form {
  const form = useRef<HTMLFormElement>(null);
  // A ref as well as state: the second click of a double click does not see the new state yet.
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [errors, setErrors] = useState<FieldErrors>({});
  const [errorCount, setErrorCount] = useState(0);
  const { secondsLeft, start } = useCountdown();

  useEffect(() => {
    if (errorCount > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errorCount]);

  function showErrors(next: FieldErrors): void {
    setErrors(next);
    setErrorCount((count) => count + 1);
  }

  function showRefusal(next: Refusal, element: HTMLFormElement): void {
    if (next.retryAfterSeconds !== undefined) start(next.retryAfterSeconds);
    const inputs = refusedProfileInputs(next, element);
    if (Object.keys(inputs).length > 0) {
      showErrors(inputs);
      return;
    }
    const field = refusedField(next, element);
    if (field === undefined) setRefusal(next);
    else showErrors({ [field]: next.message });
  }

  async function onSubmit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isSending.current || secondsLeft > 0) return;
    const element = event.currentTarget;
    form.current = element;
    const inputs = new FormData(element);
    const field = (name: string) => readText(inputs, name);
    setRefusal(undefined);
    const invalid = { ...check(field), ...unreadableInputs(element) };
    if (Object.values(invalid).some((error) => error !== undefined)) {
      showErrors(invalid);
      return;
    }
    isSending.current = true;
    setBusy(true);
    setErrors({});
    const outcome = await send(field).finally(() => {
      isSending.current = false;
      setBusy(false);
    });
    if (outcome.ok) onDone(element);
    else showRefusal(outcome, element);
  }

  function onInput({ target }: InputEvent<HTMLFormElement>): void {
    const { name } = target as unknown as HTMLInputElement;
    if (errors[name] !== undefined) setErrors({ ...errors, [name]: undefined });
  }

  const failure = refusal?.message ?? Object.values(errors).find((error) => error !== undefined);
  return { isBusy, failure, errors, refusal, secondsLeft, onSubmit, onInput };
}

/** A number or date that is half typed reads as empty, which would delete the stored value. */
function unreadableInputs(form: HTMLFormElement): FieldErrors {
  const inputs = Array.from(form.querySelectorAll('input'));
  const message = translate({
    id: 'theme.auth.field.unreadable',
    message: 'This value is incomplete.',
    description: 'The error below a number or date that is half typed',
  });
  const unreadable = inputs.filter(({ validity }) => validity.badInput);
  return Object.fromEntries(unreadable.map(({ name }) => [name, message]));
}

function readText(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
