#!/usr/bin/env python3
"""contrib_prometheus.py - the metrics, rules and dashboard of contrib/ with a real node_exporter, Prometheus and Alertmanager on loopback, at short intervals.

A burst of blocklist bounces through the daemon fires the alert at Alertmanager, and its end resolves it; what the daemon counted, what it logged and what Prometheus
has are the same numbers; three mail servers are one picture, and add up. TAP. Skips (saying so) where the programs are not there.
"""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import milter_client
from sample_bounces import GMAIL, LISTED, SAMPLES, UNKNOWN, block, bounce
from support import Tap, free_port, skip_all, wait_for

TOP = os.path.abspath(os.environ.get('top_srcdir') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
BUILD = os.path.abspath(os.environ.get('top_builddir') or '.')
RULES = os.path.join(TOP, 'contrib/prometheus/smtp-explain.rules.yml')
PROGRAMS = ('prometheus', 'promtool', 'prometheus-alertmanager', 'prometheus-node-exporter')
SERVERS = ('mx1', 'mx2', 'mx3')
WINDOW = 15                     # seconds, instead of the ten minutes of the shipped alert


class Receiver:
    """Takes what Alertmanager sends: (status, alert name) in order."""

    def __init__(self):
        receiver = self
        self.got = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                receiver.got += [(alert['status'], alert['labels']['alertname'], alert['annotations'].get('summary', '')) for alert in body['alerts']]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def names(self, status):
        return [name for state, name, _ in self.got if state == status]


class Lab:
    """One mail server (mx1) with all that watches it; start_mail_server() adds others, which Prometheus looks for from the beginning."""

    def __init__(self, folder):
        self.folder, self.processes, self.receiver = folder, [], Receiver()
        self.ports = {name: free_port() for name in (*SERVERS, 'prometheus', 'alertmanager')}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as out:
            out.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding='utf-8', errors='replace') as text:
            return text.read()

    def start(self, name, *command):
        with open(self.path(name + '.log'), 'w', encoding='utf-8') as log:
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder))

    def start_mail_server(self, name):
        """A milter, and a node_exporter that reads its metrics through a link."""
        metrics, textfile = self.path(f'{name}.run/smtp-explain.prom'), self.path(f'{name}.textfile')
        os.mkdir(self.path(f'{name}.run'))
        os.mkdir(textfile)
        os.symlink(metrics, os.path.join(textfile, 'smtp-explain.prom'))
        conf = self.write(f'{name}.conf', f'[milter]\nsocket = unix:{self.path(name + ".sock")}\n[log]\ndestination = stderr\nstats_interval = 0\n[site]\ndomains = site.example\n'
                                          f'[metrics]\nfile = {metrics}\ninterval = 1\n')
        self.start(name, os.path.join(BUILD, 'smtp-explain-milter'), '--conf', conf, '--foreground')
        wait_for(lambda: os.path.exists(metrics), 20)
        self.start(name + '.node', 'prometheus-node-exporter', '--collector.disable-defaults', '--collector.textfile', '--collector.textfile.directory=' + textfile,
                   f'--web.listen-address=127.0.0.1:{self.ports[name]}')

    def start_services(self):
        listen = {name: f'127.0.0.1:{port}' for name, port in self.ports.items()}
        alertmanager = self.write('alertmanager.yml', 'route: {receiver: test, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}\n'
                                                      f'receivers: [{{name: test, webhook_configs: [{{url: "http://127.0.0.1:{self.receiver.port}/", send_resolved: true}}]}}]\n')
        self.start('alertmanager', 'prometheus-alertmanager', '--config.file=' + alertmanager, '--storage.path=' + self.path('alertmanager.data'),
                   '--web.listen-address=' + listen['alertmanager'], '--cluster.listen-address=')
        with open(RULES, encoding='utf-8') as text:
            rules = text.read()
        short = rules.replace('reason="ip-blocklisted"}[10m]', f'reason="ip-blocklisted"}}[{WINDOW}s]')
        assert short != rules
        self.write('rules.yml', short)
        prometheus = self.write('prometheus.yml', 'global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml]\n'
                                                  f'scrape_configs: [{{job_name: node, static_configs: [{{targets: {json.dumps([listen[name] for name in SERVERS])}}}]}}]\n'
                                                  f'alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{listen["alertmanager"]}"]}}]}}]}}\n')
        self.start('prometheus', 'prometheus', '--config.file=' + prometheus, '--storage.tsdb.path=' + self.path('prometheus.data'), '--web.listen-address=' + listen['prometheus'],
                   '--rules.alert.resend-delay=1s')

    def query(self, expression):
        """The result of an instant query as a list of (labels, value), None while Prometheus does not answer; its error raises."""
        url = f'http://127.0.0.1:{self.ports["prometheus"]}/api/v1/query?' + urllib.parse.urlencode({'query': expression})
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return [(row['metric'], float(row['value'][1])) for row in json.load(answer)['data']['result']]
        except urllib.error.HTTPError as error:
            if error.code == 503:       # it has just started
                return None
            raise ValueError(f'{expression}: {error.read().decode()}') from error
        except OSError:
            return None

    def number(self, expression):
        result = self.query(expression)
        return result[0][1] if result else None

    def send(self, messages, server='mx1'):
        client = milter_client.Client(self.path(server + '.sock'))
        client.open()
        for number, message in enumerate(messages):
            client.message(message, queue_id='%X' % (0xA0000 + number))
        client.quit()

    def close(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.receiver.server.shutdown()
        self.receiver.server.server_close()


def promtool(*arguments, data=None):
    done = subprocess.run(['promtool', *arguments], input=data, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode == 0, done.stdout + done.stderr


def check_files(tap):
    tap.check('rules: promtool check', *promtool('check', 'rules', RULES))
    tap.check('rules: their unit tests', *promtool('test', 'rules', os.path.join(TOP, 'contrib/prometheus/smtp-explain.rules.test.yml')))
    with open(RULES, encoding='utf-8') as rules, open(os.path.join(TOP, 'contrib/prometheus/smtp-explain.rules.test.yml'), encoding='utf-8') as tests:
        alerts, tested = set(re.findall(r'- alert: (\w+)', rules.read())), set(re.findall(r'alertname: (\w+)', tests.read()))
    tap.check('rules: every alert has a unit test', alerts and alerts == tested, alerts ^ tested)


def families(text):
    return set(re.findall(r'^# TYPE (\w+) ', text, re.M))


def check_metrics(tap, lab):
    text = lab.read('mx1.run/smtp-explain.prom')
    good, said = promtool('check', 'metrics', data=text)
    tap.check('metrics: promtool finds nothing to say', good and not said.strip(), said)
    tap.check('metrics: every reader may read them', os.stat(lab.path('mx1.run/smtp-explain.prom')).st_mode & 0o777 == 0o644)
    tap.check('metrics: nothing is left beside the file', os.listdir(lab.path('mx1.run')) == ['smtp-explain.prom'], os.listdir(lab.path('mx1.run')))
    with open(RULES, encoding='utf-8') as rules:
        used = set(re.findall(r'\b(smtp_explain_\w+)', rules.read()))
    known = families(text) | {name + end for name in families(text) for end in ('_bucket', '_sum', '_count')}
    tap.check('rules: every metric exists', used and used <= known, used - known)


def expressions():
    with open(os.path.join(TOP, 'contrib/grafana/smtp-explain.json'), encoding='utf-8') as text:
        dashboard = json.load(text)
    return dashboard, [target['expr'] for panel in dashboard['panels'] for target in panel.get('targets', [])] + [note['expr'] for note in dashboard['annotations']['list']]


def check_dashboard(tap, lab):
    dashboard, wanted = expressions()
    text = lab.read('mx1.run/smtp-explain.prom')
    known = families(text) | {name + '_bucket' for name in families(text)}
    used = {name for expression in wanted for name in re.findall(r'\bsmtp_explain_\w+', expression)}
    tap.check('dashboard: every metric exists', used and used <= known, used - known)
    missing = families(text) - {re.sub('_bucket$', '', name) for name in used} - {'smtp_explain_log_lines_total', 'smtp_explain_alerts_opened_total', 'smtp_explain_config_last_reload_successful'}
    tap.check('dashboard: shows every metric but those that others tell', not missing, missing)
    wrong, empty = [], []
    for expression in wanted:
        plain = expression.replace('$__rate_interval', '30s').replace('$__range', '1m').replace('$instance', '.*')
        try:
            if not lab.query(plain) and '> 0' not in plain:
                empty.append(plain)
        except ValueError as error:
            wrong.append(str(error))
    tap.check('dashboard: Prometheus answers every query', wanted and not wrong, '\n'.join(wrong))
    tap.check('dashboard: and every one has data', not empty, '\n'.join(empty))
    boxes = [panel['gridPos'] for panel in dashboard['panels']]
    cells = [(x, y) for box in boxes for x in range(box['x'], box['x'] + box['w']) for y in range(box['y'], box['y'] + box['h'])]
    tap.check('dashboard: no panel covers another or leaves the grid', len(cells) == len(set(cells)) and all(box['x'] + box['w'] <= 24 for box in boxes))
    tap.check('dashboard: the data source is a variable everywhere', {panel.get('datasource', {}).get('uid') for panel in dashboard['panels'] if panel['type'] != 'row'} == {'${datasource}'})


def check_quiet(tap, lab):
    ready = wait_for(lambda: lab.number('sum(smtp_explain_failures_total)') is not None, 60)
    tap.check('node_exporter passes the file on, through a link, and Prometheus has it', ready, lab.read('prometheus.log')[-1500:])
    tap.check('before any bounce the rows of reasons are there, with 0', (lab.number('smtp_explain_failures_total{reason="ip-blocklisted",class="permanent"}'), lab.number('sum(smtp_explain_failures_total)')) == (0, 0))
    errors = lab.query('node_textfile_scrape_error')
    tap.check('node_exporter has no complaint', errors and errors[0][1] == 0, errors)


def check_burst(tap, lab):
    listed = [bounce([block(f'user{n}@partner{n % 3}.example', LISTED, '5.7.1', remote=f'mx.partner{n % 3}.example')]) for n in range(14)]
    others = [bounce([block(f'guest{n}@example.net', UNKNOWN, remote=GMAIL), block(f'guest{n}@example.org', UNKNOWN, remote='mx.example.org')]) for n in range(5)]
    plain = [b'From: ann@site.example\nSubject: lunch\n\nnow?\n'] * 7
    lab.send(listed + others + plain + [SAMPLES['delay'][0]])
    fired = wait_for(lambda: 'SmtpExplainBlocklisted' in lab.receiver.names('firing'), 40)
    tap.check('a burst of blocklist bounces fires the alert at Alertmanager', fired, f'{lab.receiver.got}\n{lab.read("prometheus.log")[-1500:]}\n{lab.read("alertmanager.log")[-1500:]}')
    summary = next((text for status, name, text in lab.receiver.got if (status, name) == ('firing', 'SmtpExplainBlocklisted')), '')
    tap.check('with a summary that a person understands', re.fullmatch(r'A blocklist has one of our mail servers: [0-9.]+ recipients refused our mail in ten minutes\.', summary), summary)
    incident = wait_for(lambda: 'SmtpExplainIncident' in lab.receiver.names('firing'), 20)
    tap.check("the daemon's own incident arrives too", incident, lab.receiver.got)
    tap.check('as a line in the log', re.search(r'alert: state=open name=ip-blocklisted reason=ip-blocklisted provider=\S+ count=10 window=600 threshold=10 since=\S+Z', lab.read('mx1.log')), lab.read('mx1.log')[-2000:])


def check_numbers(tap, lab):
    log = lab.read('mx1.log')
    lines = len(re.findall(r' kind=(?:bounce|delay) ', log))
    total = wait_for(lambda: lab.number('sum(smtp_explain_failures_total)') == lines and lines, 20)
    tap.check('Prometheus counts as many failed recipients as the log has lines', total and lines == 25, f'{lines} {lab.number("sum(smtp_explain_failures_total)")}')
    sums = {name: lab.number(f'sum(smtp_explain_failures_{name}_total)') for name in ('by_owner', 'by_provider', 'by_origin', 'by_code', 'by_dsn', 'by_annotation')}
    sums['lines'] = lab.number('smtp_explain_log_lines_total + smtp_explain_log_lines_suppressed_total')
    tap.check('by whatever they are counted, the sum is the same', set(sums.values()) == {lines}, sums)
    messages = lab.number('smtp_explain_messages_total'), lab.number('sum(smtp_explain_reports_total) + sum(smtp_explain_skipped_total)')
    tap.check('every message is a report or was passed over', messages == (27, 27), messages)
    by_reason = {labels['reason']: value for labels, value in lab.query('sum by (reason) (smtp_explain_failures_total) > 0')}
    logged = {reason: len(re.findall(f' kind=.* reason={reason} ', log)) for reason in by_reason}
    tap.check('reason by reason as in the log', by_reason == logged and by_reason.get('ip-blocklisted') == 14, (by_reason, logged))
    tap.check('histograms count each report', (lab.number('smtp_explain_processing_seconds_count'), lab.number('smtp_explain_report_size_bytes_count')) == (20, 20))
    series = lab.number('count({__name__=~"smtp_explain_.*"})')
    tap.check('the series are few', series and series < 600, series)
    print(f'# {series:.0f} series')


def check_end(tap, lab):
    resolved = wait_for(lambda: 'SmtpExplainBlocklisted' in lab.receiver.names('resolved'), WINDOW + 30)
    tap.check('the end of the burst resolves it', resolved, lab.receiver.got)
    tap.check('fired once, resolved once', (lab.receiver.names('firing').count('SmtpExplainBlocklisted'), lab.receiver.names('resolved').count('SmtpExplainBlocklisted')) == (1, 1), lab.receiver.got)


def check_fleet(tap, lab):
    """Three mail servers: sums over instances, exactly, and an alert that no server alone would raise."""
    for server in SERVERS[1:]:
        lab.start_mail_server(server)
    tap.check('fleet: Prometheus has all three', wait_for(lambda: lab.number('count(smtp_explain_build_info)') == len(SERVERS), 30), lab.query('smtp_explain_build_info'))
    for number, server in enumerate(SERVERS):
        lab.send([bounce([block(f'user{n}@partner{n}.example', LISTED, '5.7.1', remote=f'mx.partner{n}.example')]) for n in range(5)]
                 + [bounce([block(f'guest{n}@example.org', UNKNOWN, remote='mx.example.org')]) for n in range(number)] + [SAMPLES['delay'][0]], server)
    logs = [lab.read(server + '.log') for server in SERVERS]
    lines = sum(len(re.findall(r' kind=(?:bounce|delay) ', log)) for log in logs)
    tap.check('fleet: the sum over instances is the number of lines in all logs', wait_for(lambda: lab.number('sum(smtp_explain_failures_total)') == lines, 20) and lines == 25 + 3 * 6 + 3,
              (lines, lab.query('sum by (instance) (smtp_explain_failures_total)')))
    by_instance = sorted(value for _, value in lab.query('sum by (instance) (smtp_explain_failures_total)'))
    tap.check('fleet: instance by instance too', by_instance == sorted(float(len(re.findall(r' kind=(?:bounce|delay) ', log))) for log in logs), by_instance)
    by_reason = {labels['reason']: value for labels, value in lab.query('sum by (reason) (smtp_explain_failures_total) > 0')}
    logged = {reason: sum(len(re.findall(f' kind=.* reason={reason} ', log)) for log in logs) for reason in by_reason}
    tap.check('fleet: reason by reason too', by_reason == logged and by_reason.get('ip-blocklisted') == 14 + 15, (by_reason, logged))
    fired = wait_for(lambda: lab.receiver.names('firing').count('SmtpExplainBlocklisted') == 2, 30)
    tap.check('fleet: a burst that is spread over the servers fires the alert', fired and 'state=open' not in logs[1] + logs[2], lab.receiver.got)
    with open(RULES, encoding='utf-8') as rules:
        records = re.findall(r'- record: (\S+)', rules.read())
    spread = [record for record in records if any('instance' in labels for labels, _ in lab.query(record) or [])]
    tap.check('fleet: every recording rule has one picture of all servers', records and not spread and all(wait_for(lambda: lab.query(record), 20) for record in records), (records, spread))


def main():
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        return skip_all('no ' + ', '.join(missing))
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='smtp-explain-prometheus.') as folder:
        lab = Lab(folder)
        try:
            check_files(tap)
            lab.start_mail_server('mx1')
            lab.start_services()
            for check in (check_quiet, check_burst, check_numbers, check_metrics, check_dashboard, check_end, check_fleet):
                check(tap, lab)
        finally:
            lab.close()
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
