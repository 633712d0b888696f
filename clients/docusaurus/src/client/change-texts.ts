/** What the confirmation page says about links that change something only after a click. */
import { translate } from '@docusaurus/Translate';

interface ChangeTexts {
  readonly title: string;
  /** What will happen. */
  readonly explanation: string;
  readonly submit: string;
  readonly busy: string;
  readonly done: string;
}

export type ChangePurpose = 'change_email' | 'undo_change' | 'not_me' | 'delete_account';

export const changeTexts: Readonly<Record<ChangePurpose, () => ChangeTexts>> = {
  change_email: () => ({
    title: translate({
      id: 'theme.auth.changeEmail.title',
      message: 'Use this e-mail address',
      description: 'The heading of the page that finishes a change of the e-mail address',
    }),
    explanation: translate({
      id: 'theme.auth.changeEmail.explanation',
      message: 'Your account will use the address at which you got this link.',
      description: 'Above the button that finishes a change of the e-mail address',
    }),
    submit: translate({
      id: 'theme.auth.changeEmail.submit',
      message: 'Use this address',
      description: 'The button that finishes a change of the e-mail address',
    }),
    busy: busy(),
    done: translate({
      id: 'theme.auth.changeEmail.done',
      message: 'Your e-mail address was changed.',
      description: 'After the e-mail address was changed',
    }),
  }),
  undo_change: () => ({
    title: translate({
      id: 'theme.auth.undoChange.title',
      message: 'Undo the change of your e-mail address',
      description: 'The heading of the page that undoes a change of the e-mail address',
    }),
    explanation: translate({
      id: 'theme.auth.undoChange.explanation',
      message:
        'Your previous address is put back, every device is signed out, and you choose a new password.',
      description: 'Above the button that undoes a change of the e-mail address',
    }),
    submit: translate({
      id: 'theme.auth.undoChange.submit',
      message: 'Undo the change',
      description: 'The button that undoes a change of the e-mail address',
    }),
    busy: busy(),
    done: translate({
      id: 'theme.auth.undoChange.done',
      message:
        'Your previous address is back and every device was signed out. Choose a new password now.',
      description: 'After a change of the e-mail address was undone',
    }),
  }),
  not_me: () => ({
    title: translate({
      id: 'theme.auth.notMe.title',
      message: 'That was not you?',
      description: 'The heading of the page of the link "That was not me" in a security notice',
    }),
    explanation: translate({
      id: 'theme.auth.notMe.explanation',
      message:
        'Every device is signed out, the password becomes invalid, and you choose a new one.',
      description: 'Above the button "That was not me"',
    }),
    submit: translate({
      id: 'theme.auth.notMe.submit',
      message: 'That was not me',
      description: 'The button that ends all access to the account',
    }),
    busy: busy(),
    done: translate({
      id: 'theme.auth.notMe.done',
      message:
        'Every device was signed out and the old password is invalid. Choose a new password now.',
      description: 'After "That was not me"',
    }),
  }),
  delete_account: () => ({
    title: translate({
      id: 'theme.auth.deleteByMail.title',
      message: 'Delete your account',
      description: 'The heading of the page that deletes an account with a mailed link',
    }),
    explanation: translate({
      id: 'theme.auth.deleteByMail.explanation',
      message: 'Your account and everything that belongs to it will be deleted.',
      description: 'Above the button that deletes an account with a mailed link',
    }),
    submit: translate({
      id: 'theme.auth.deleteByMail.submit',
      message: 'Delete the account',
      description: 'The button that deletes an account with a mailed link',
    }),
    busy: busy(),
    done: translate({
      id: 'theme.auth.deleteByMail.done',
      message: 'The deletion is confirmed. A mail says what happens next.',
      description: 'After a deletion was confirmed with a mailed link',
    }),
  }),
};

const busy = () =>
  translate({
    id: 'theme.auth.change.busy',
    message: 'One moment…',
    description: 'The button of a mailed link while the request is pending',
  });

export function isChangePurpose(purpose: string): purpose is ChangePurpose {
  return Object.hasOwn(changeTexts, purpose);
}
