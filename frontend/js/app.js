/** Starts the page: configuration and texts, then the view that the address asks for. */
import { ApiError } from './core/api-error.js';
import { Failure } from './components/failure.js';
import { Shell } from './components/shell.js';
import { Skeleton } from './components/skeleton.js';
import { Notice } from './components/notice.js';
import { HOME } from './core/addresses.js';
import { loadConfig } from './core/config.js';
import { facing, followFacing } from './core/facing.js';
import { needTexts, t, useLanguage } from './core/language.js';
import { effect, html, render, useEffect, useLayoutEffect, useState } from './core/preact.js';
import { queries } from './core/queries.js';
import { followAddress, replaceRoute, route } from './core/router.js';
import { startServices } from './core/services.js';
import { followShortcuts } from './core/shortcuts.js';
import { homeOf, mayShow, viewOf } from './core/views.js';
import { ended, roles, username } from './session/session.js';

function App() {
  return html`
    <${Shell}>${username.value ? html`<${CurrentView} />` : html`<${LoginView} />`}<//>
    ${ended.value && html`<${Loaded} load=${loadReauth} />`}`;
}

const loadLogin = async () => {
  const [{ Login }] = await Promise.all([import('./session/login-view.js'), needTexts('session')]);
  return Login;
};
const loadReauth = async () => {
  const [{ ReauthLayer }] = await Promise.all([import('./session/reauth-layer.js'), needTexts('session')]);
  return ReauthLayer;
};

function LoginView() {
  return html`<${Loaded} load=${loadLogin} />`;
}

function Loaded({ load }) {
  const [View, setView] = useState(null);
  useEffect(() => void load().then((found) => setView(() => found)), []);
  return View && html`<${View} />`;
}

function CurrentView() {
  const { name, params } = route.value;
  const [loaded, setLoaded] = useState(null);
  // Before the paint: whoever follows a link right after the login is not taken home from there.
  useLayoutEffect(() => {
    if (name === HOME) replaceRoute(homeOf(roles.value));
  }, [name]);
  useEffect(() => {
    const view = viewOf(name);
    if (!view) return undefined;
    let wanted = true;
    const show = (View) => wanted && setLoaded({ name, View });
    loadView(view).then(show, () => show(Unreachable));
    return () => {
      wanted = false;
    };
  }, [name, roles.value]);
  if (loaded?.name !== name) return html`<div class="page"><${Skeleton} shapes=${['title', 'line']} /></div>`;
  return html`<${loaded.View} key=${Object.values(params).join('/')} ...${params} />`;
}

async function loadView(view) {
  const shown = mayShow(view, roles.value)
    ? view.load
    : () => import('./components/forbidden-view.js').then((module) => module.Forbidden);
  const [View] = await Promise.all([shown(), needTexts(...(view.texts ?? []))]);
  return View;
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

/** Whether keys may open a view: not before the login, not beside the applicant. */
function mayGo(name) {
  const isHere = username.value !== null && !ended.value && !facing.value;
  return isHere && mayShow(viewOf(name), roles.value);
}

/** Nothing of one user is left for the next one. */
effect(() => {
  if (username.value === null) queries.clear();
});

async function start() {
  const root = document.getElementById('app');
  followAddress();
  followFacing();
  followShortcuts(mayGo);
  const [config] = await Promise.allSettled([loadConfig(), needTexts('core')]);
  if (config.status === 'rejected') {
    render(html`<${Broken} />`, root);
    return;
  }
  startServices(config.value);
  render(html`<${App} />`, root);
}

start();
