/** What the confirm page says, by language. Error texts are by the code of the response. */
const en = {
  title: 'Confirm',
  noLink: 'This page finishes links from our mails. Open the link in the mail again.',
  noScript: 'This page needs JavaScript to send the confirmation.',
  verifyTitle: 'Confirm your e-mail address',
  verifyText: 'The address of your account will be confirmed, and you will be signed in.',
  verifyButton: 'Confirm the address',
  resetTitle: 'Choose a new password',
  resetText: 'The new password replaces the old one. All other devices will be signed out.',
  resetButton: 'Save the password',
  signInTitle: 'Sign in',
  signInText: 'You will be signed in to the account with the address of the mail.',
  askedElsewhere:
    'You asked for this link in another browser. Open it there, or ask for a new one in this browser.',
  changeTitle: 'Use this e-mail address',
  changeText: 'The account will use the address at which you got this link.',
  changeButton: 'Use this address',
  signedInElsewhere:
    'This browser is not signed in to the account. Enter the password of the account, or open the link where you are signed in. If you did not ask for this change, close this page.',
  undoTitle: 'Undo the change of your e-mail address',
  undoText:
    'Your previous address is put back, every device is signed out, and you choose a new password.',
  undoButton: 'Undo the change',
  notMeTitle: 'That was not you?',
  notMeText: 'Every device is signed out, the password becomes invalid, and you choose a new one.',
  notMeButton: 'That was not me',
  providerFailed: 'You were not signed in. Go back to the site and try again.',
  reason: 'Reason and request:',
  startedElsewhere:
    'This sign-in belongs to the page that started it. Go back to the site and try again.',
  deleteTitle: 'Delete your account',
  deleteText: 'Your account and everything that belongs to it will be deleted.',
  deleteButton: 'Delete the account',
  deletionScheduled:
    'Your account is locked and will be deleted on {day}. Sign in before then to keep it.',
  accessEnded: 'Every device was signed out. Choose a new password now.',
  passwordLabel: 'Password',
  newPasswordLabel: 'New password (at least 8 characters)',
  working: 'One moment …',
  done: 'Done. You can close this page and return to the site.',
  LINK_USED: 'This link was used already. Sign in, or ask for a new one.',
  LINK_EXPIRED: 'This link has expired. Ask for a new one.',
  LINK_REPLACED: 'A newer link or another change has replaced this one. Use the newest mail.',
  LINK_UNKNOWN: 'This link is not valid. Ask for a new one.',
  LINK_WRONG_BROWSER:
    'This is not the browser that signed up. Enter the password of the sign-up, or ask for a new password on the site.',
  INVALID_PASSWORD: 'The password is wrong.',
  PASSWORD_TOO_SHORT: 'The password is too short.',
  PASSWORD_TOO_LONG: 'The password is too long.',
  PASSWORD_TOO_COMMON: 'This password is too common. Choose another.',
  PASSWORD_BREACHED: 'This password is known from a data breach. Choose another.',
  TOO_MANY_REQUESTS: 'Too many attempts. Wait a moment and try again.',
  EMAIL_TAKEN:
    'Another account has this address by now. Nothing was changed: sign in to that account, or choose another address.',
  PREVIOUS_EMAIL_TAKEN:
    'Another account has your previous address by now. Nothing was changed: delete that account or change its address, then open this link again.',
  failed: 'The service did not answer, so it is unknown whether it worked. Try again shortly.',
};

export type Texts = Readonly<Record<keyof typeof en, string>>;

const de: Texts = {
  title: 'Bestätigen',
  noLink:
    'Diese Seite schließt Links aus unseren Mails ab. Öffnen Sie den Link in der Mail erneut.',
  noScript: 'Diese Seite braucht JavaScript, um die Bestätigung zu senden.',
  verifyTitle: 'E-Mail-Adresse bestätigen',
  verifyText: 'Die Adresse Ihres Kontos wird bestätigt, und Sie werden angemeldet.',
  verifyButton: 'Adresse bestätigen',
  resetTitle: 'Neues Passwort wählen',
  resetText: 'Das neue Passwort ersetzt das alte. Alle anderen Geräte werden abgemeldet.',
  resetButton: 'Passwort speichern',
  signInTitle: 'Anmelden',
  signInText: 'Sie werden bei dem Konto mit der Adresse der Mail angemeldet.',
  askedElsewhere:
    'Sie haben diesen Link in einem anderen Browser angefordert. Öffnen Sie ihn dort oder fordern Sie in diesem Browser einen neuen an.',
  changeTitle: 'Diese E-Mail-Adresse verwenden',
  changeText: 'Das Konto verwendet künftig die Adresse, an die dieser Link ging.',
  changeButton: 'Diese Adresse verwenden',
  signedInElsewhere:
    'Dieser Browser ist nicht bei dem Konto angemeldet. Geben Sie das Passwort des Kontos ein oder öffnen Sie den Link dort, wo Sie angemeldet sind. Wenn Sie diese Änderung nicht angefordert haben, schließen Sie diese Seite.',
  undoTitle: 'Änderung der E-Mail-Adresse rückgängig machen',
  undoText:
    'Ihre vorige Adresse wird wieder eingesetzt, alle Geräte werden abgemeldet, und Sie wählen ein neues Passwort.',
  undoButton: 'Änderung rückgängig machen',
  notMeTitle: 'Das waren nicht Sie?',
  notMeText: 'Alle Geräte werden abgemeldet, das Passwort wird ungültig, und Sie wählen ein neues.',
  notMeButton: 'Das war ich nicht',
  providerFailed:
    'Sie wurden nicht angemeldet. Gehen Sie zurück zur Website und versuchen Sie es erneut.',
  reason: 'Grund und Anfrage:',
  startedElsewhere:
    'Diese Anmeldung gehört zu der Seite, die sie begonnen hat. Gehen Sie zurück zur Website und versuchen Sie es erneut.',
  deleteTitle: 'Konto löschen',
  deleteText: 'Ihr Konto und alles, was dazu gehört, wird gelöscht.',
  deleteButton: 'Konto löschen',
  deletionScheduled:
    'Ihr Konto ist gesperrt und wird am {day} gelöscht. Melden Sie sich vorher an, um es zu behalten.',
  accessEnded: 'Alle Geräte wurden abgemeldet. Wählen Sie jetzt ein neues Passwort.',
  passwordLabel: 'Passwort',
  newPasswordLabel: 'Neues Passwort (mindestens 8 Zeichen)',
  working: 'Einen Moment …',
  done: 'Fertig. Sie können diese Seite schließen und zur Website zurückkehren.',
  LINK_USED:
    'Dieser Link wurde schon verwendet. Melden Sie sich an oder fordern Sie einen neuen an.',
  LINK_EXPIRED: 'Dieser Link ist abgelaufen. Fordern Sie einen neuen an.',
  LINK_REPLACED:
    'Ein neuerer Link oder eine andere Änderung hat diesen ersetzt. Verwenden Sie die neueste Mail.',
  LINK_UNKNOWN: 'Dieser Link ist ungültig. Fordern Sie einen neuen an.',
  LINK_WRONG_BROWSER:
    'Das ist nicht der Browser, in dem Sie sich registriert haben. Geben Sie das Passwort der Registrierung ein oder fordern Sie auf der Website ein neues an.',
  INVALID_PASSWORD: 'Das Passwort ist falsch.',
  PASSWORD_TOO_SHORT: 'Das Passwort ist zu kurz.',
  PASSWORD_TOO_LONG: 'Das Passwort ist zu lang.',
  PASSWORD_TOO_COMMON: 'Dieses Passwort ist zu verbreitet. Wählen Sie ein anderes.',
  PASSWORD_BREACHED: 'Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes.',
  TOO_MANY_REQUESTS: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es erneut.',
  failed:
    'Der Dienst hat nicht geantwortet, daher ist unbekannt, ob es geklappt hat. Versuchen Sie es gleich noch einmal.',
  EMAIL_TAKEN:
    'Ein anderes Konto hat inzwischen diese Adresse. Es wurde nichts geändert: Melden Sie sich dort an oder wählen Sie eine andere Adresse.',
  PREVIOUS_EMAIL_TAKEN:
    'Ein anderes Konto hat inzwischen Ihre vorige Adresse. Es wurde nichts geändert: Löschen Sie dieses Konto oder ändern Sie seine Adresse und öffnen Sie dann diesen Link erneut.',
};

export const texts = { en, de } as const satisfies Record<string, Texts>;

export type Language = keyof typeof texts;
