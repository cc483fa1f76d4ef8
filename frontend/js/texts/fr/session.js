export const texts = {
  'login.title': 'Connexion',
  'login.pitch': 'Un risque, un seuil, et les raisons.',
  'login.pitchMore':
    'Chaque décision vient avec ce qui a augmenté le risque et ce qui l’a réduit, dans des mots que vous pouvez redire au demandeur.',
  'login.username': 'Nom d’utilisateur',
  'login.password': 'Mot de passe',
  'login.show': 'Afficher',
  'login.hide': 'Masquer',
  'login.submit': 'Se connecter',
  'login.working': 'Connexion…',
  'login.expired': 'Votre session a pris fin. Reconnectez-vous pour reprendre où vous en étiez.',
  'login.newTitle': 'Choisissez un mot de passe',
  'login.newWhy': 'Ce compte a encore le mot de passe de sa création.',
  'login.newPassword': 'Nouveau mot de passe',
  'login.repeat': 'Nouveau mot de passe, encore une fois',
  'login.different': 'Les deux mots de passe diffèrent.',
  'login.newSubmit': 'Enregistrer et se connecter',
  'login.back': 'Retour',
  'login.error.NotAuthorizedException': 'Le nom d’utilisateur ou le mot de passe est faux.',
  'login.error.UserNotFoundException': 'Le nom d’utilisateur ou le mot de passe est faux.',
  'login.error.PasswordResetRequiredException':
    'Le mot de passe a été réinitialisé : demandez-en un nouveau à votre exploitant.',
  'login.error.UserNotConfirmedException':
    'Ce compte n’est pas encore confirmé : adressez-vous à votre exploitant.',
  'login.error.TooManyRequestsException': 'Trop d’essais : attendez une minute et recommencez.',
  'login.error.LimitExceededException': 'Trop d’essais : attendez quelques minutes et recommencez.',
  'login.error.InvalidPasswordException':
    'Ce mot de passe est trop faible : allongez-le, avec des lettres, des chiffres et un symbole.',
  'login.error.CodeMismatchException':
    'Le code est faux ou trop ancien : tapez celui que l’application affiche maintenant.',
  'login.error.EnableSoftwareTokenMFAException':
    'Le code est faux ou trop ancien : tapez celui que l’application affiche maintenant.',
  'login.error.ExpiredCodeException':
    'Le code est trop ancien : tapez celui que l’application affiche maintenant.',
  'login.error.network': 'Le service de connexion ne répond pas. Vérifiez votre réseau et recommencez.',
  'login.error.challenge':
    'Ce compte demande une façon de se connecter que cette page n’offre pas : adressez-vous à votre exploitant.',
  'login.error.unexpected':
    'Le service de connexion a donné une réponse que cette page ne connaît pas. Recommencez.',
  'account.title': 'Votre compte',
  'account.lead': (name) => `Connecté en tant que ${name}.`,
  'mfa.title': 'Connexion en deux étapes',
  'mfa.why':
    'Un code d’une application de votre téléphone est demandé après le mot de passe : un mot de passe volé ne suffit plus.',
  'mfa.required':
    'Votre banque demande à chaque connexion un code d’une application d’authentification. Réglez-la une fois.',
  'mfa.on': 'Un code est demandé à chaque connexion.',
  'mfa.off': 'Le mot de passe seul suffit pour vous connecter.',
  'mfa.begin': 'Régler une application d’authentification',
  'mfa.replace': 'Régler une autre application à la place',
  'mfa.install': 'Ouvrez une application d’authentification sur votre téléphone.',
  'mfa.scan': 'Scannez ce code avec elle.',
  'mfa.qr': 'QR code pour l’application d’authentification ; le même secret suit en texte',
  'mfa.orType': 'Ou tapez ce secret dans l’application :',
  'mfa.openApp': 'ouvrir une application de cet appareil',
  'mfa.thenCode': 'Tapez le code que l’application affiche maintenant.',
  'mfa.activate': 'Activer',
  'mfa.askTitle': 'Code de votre application',
  'mfa.code': 'Code',
  'mfa.codeHint': 'Les six chiffres que votre application d’authentification affiche.',
  'login.again': (name) => `Mot de passe de ${name}`,
  'login.other': 'Se connecter avec un autre compte',
};
