/** Starts the page: configuration, then the view that the address asks for. */
import { ApiError } from './core/api-error.js';
import { Failure } from './components/failure.js';
import { Shell } from './components/shell.js';
import { Skeleton } from './components/skeleton.js';
import { Notice } from './components/notice.js';
import { loadConfig } from './core/config.js';
import { t, useLanguage } from './core/language.js';
import { html, render, useEffect, useState } from './core/preact.js';
import { route } from './core/router.js';
import { startServices } from './core/services.js';
import { username } from './session/session.js';
import { Login } from './session/login-view.js';

/** Route -> how to get its view; a view is fetched when it is first shown. */
const VIEWS = {
  applicants: () => import('./applicants/applicants-view.js').then((module) => module.Applicants),
  applicant: () => import('./dossier/dossier-view.js').then((module) => module.Dossier),
  upload: () => import('./batches/upload-view.js').then((module) => module.Upload),
  batch: () => import('./batches/batch-view.js').then((module) => module.Batch),
  card: () => import('./model/model-card-view.js').then((module) => module.ModelCard),
  account: () => import('./session/account-view.js').then((module) => module.AccountPage),
  missing: () => import('./components/missing-view.js').then((module) => module.Missing),
};

function App() {
  return html`<${Shell}>${username.value ? html`<${CurrentView} />` : html`<${Login} />`}<//>`;
}

function CurrentView() {
  const { name, params } = route.value;
  const [loaded, setLoaded] = useState(null);
  useEffect(() => {
    let wanted = true;
    const show = (View) => wanted && setLoaded({ name, View });
    VIEWS[name]().then(show, () => show(Unreachable));
    return () => {
      wanted = false;
    };
  }, [name]);
  if (loaded?.name !== name) return html`<div class="page"><${Skeleton} shapes=${['title', 'line']} /></div>`;
  return html`<${loaded.View} key=${Object.values(params).join('/')} ...${params} />`;
}

/** A view that could not be fetched; browsers remember that, so only a reload tries again. */
function Unreachable() {
  const error = new ApiError('network');
  return html`<div class="page"><${Failure} error=${error} onRetry=${() => location.reload()} /></div>`;
}

function Broken() {
  useLanguage();
  return html`<${Shell}><div class="page"><${Notice} kind="error">${t('app.noConfig')}<//></div><//>`;
}

async function start() {
  const root = document.getElementById('app');
  try {
    startServices(await loadConfig());
  } catch {
    render(html`<${Broken} />`, root);
    return;
  }
  render(html`<${App} />`, root);
}

start();
