package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"net"
	"slices"
	"strings"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

var connectCommand = command{name: "connect", about: `
-addr HOST:PORT [-mechanism M] [-user U] [-password P | -token T | -cert FILE -key FILE] [FLAGS]

Connects to a server, begins TLS as -tls says, authenticates and, with -send,
sends a message. Prints the conversation, "S: " and "C: " before each line and
"-- " before what TLS agreed on; responses are masked unless -show-secrets is
given.

Exits 0 only after 235, and with -send only when the message was accepted too.
Otherwise it exits 1 with one sentence that says whose fault it was. Without
TLS, a mechanism that shows the password is used only if -tls none and
-mechanism ask for it.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	f := &connectFlags{}
	fs.StringVar(&f.addr, "addr", "", "the server's `HOST:PORT`")
	fs.StringVar(&f.mechanism, "mechanism", "", "the `MECHANISM`: "+strings.Join(names(sasl.Mechanisms()), ", ")+
		" (the first that is offered, of those that what is given is enough for); with -insist any name")
	fs.StringVar(&f.dialect, "dialect", "", "behave like the real client with this `ID`; TLS stays as -tls has it")
	fs.StringVar(&f.options, "options", "", "-dialect: what its user asks of it, as recordings `WORD` it")
	fs.StringVar(&f.user, "user", "", "the `NAME` that authenticates (authcid)")
	fs.StringVar(&f.password, "password", "", "its `PASSWORD`")
	fs.StringVar(&f.token, "token", "", "a bearer `TOKEN`, for XOAUTH2 and OAUTHBEARER")
	fs.StringVar(&f.cert, "cert", "", "a PEM `FILE` with a certificate to show to the server, for EXTERNAL")
	fs.StringVar(&f.key, "key", "", "a PEM `FILE` with its key")
	fs.StringVar(&f.kdc, "kdc", "", "the `HOST:PORT` of the Kerberos centre, for GSSAPI; its realm is the server's domain")
	fs.StringVar(&f.serverName, "server-name", "", "the server's `NAME`, where -addr has another: for its certificate, DIGEST-MD5 and GSSAPI")
	fs.StringVar(&f.authzid, "authzid", "", "the `NAME` to act as, where it is another")
	fs.StringVar(&f.tls, "tls", string(client.StartTLS), "`HOW` TLS begins: none, starttls or implicit")
	fs.StringVar(&f.ca, "ca", "", "a PEM `FILE` with the roots to trust in place of the system's")
	fs.StringVar(&f.ntlm, "ntlm", "", "NTLM: the `RESPONSE` where it is not NTLMv2's: v1-extended, v1 or lm")
	fs.BoolVar(&f.insecure, "insecure", false, "take any certificate: whoever is in the middle then reads everything")
	fs.BoolVar(&f.insist, "insist", false, "use the mechanism even if it is not offered")
	fs.BoolVar(&f.send, "send", false, "send a message once authenticated")
	fs.StringVar(&f.from, "from", "", "-send: the sender's `ADDRESS` (the user, at the server's host where no @ is in it)")
	fs.Var(&f.to, "to", "-send: a recipient's `ADDRESS`, may be given many times (the sender)")
	fs.StringVar(&f.message, "message", "", "-send: a `FILE` with the message (a short one of our own)")
	fs.DurationVar(&f.patience, "command-time", netio.Defaults.Line, "the `TIME` that each reply may take")
	fs.BoolVar(&f.showSecrets, "show-secrets", false, "do not mask responses")
	return f.run
}}

type connectFlags struct {
	addr, serverName                    string
	mechanism, user, password, authzid  string
	token, cert, key, kdc, ntlm         string
	tls, ca                             string
	dialect, options                    string
	insecure, insist, send, showSecrets bool
	from, message                       string
	to                                  list
	patience                            time.Duration
}

func (f *connectFlags) run(ctx context.Context, args []string, s streams) error {
	if err := none(args); err != nil {
		return err
	}
	plan, err := f.plan()
	if err != nil {
		return err
	}
	config, err := f.config()
	if err != nil {
		return err
	}
	conn, err := netio.Dial(ctx, f.addr)
	if err != nil {
		return errors.New(whose[client.Connection] + ": " + err.Error())
	}
	if plan.Name = "localhost"; conn.LocalAddr() != nil {
		plan.Name = literal(conn.LocalAddr())
	}
	c := netio.Client{Plan: plan, TLS: config, Patience: f.patience, Env: sasl.Env{KDC: f.centre(ctx)},
		Watch: (&conversation{out: s.out, showSecrets: f.showSecrets}).watch}
	state, fault := c.Run(ctx, conn)
	switch {
	case fault != nil:
		return errors.New(sentence(fault))
	case !state.Authenticated || f.send && !state.Delivered: // no plan of ours ends so
		return errors.New(whose[client.Connection] + ": it was closed before the end.")
	}
	return nil
}

// literal is what a client calls itself that has no name: the address literal
// of its own end (RFC 5321 §4.1.4).
func literal(addr net.Addr) string {
	host, _, _ := net.SplitHostPort(addr.String())
	host, _, _ = strings.Cut(host, "%") // a zone
	if strings.Contains(host, ":") {
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}

func (f *connectFlags) plan() (client.Plan, error) {
	host, port, err := net.SplitHostPort(f.addr)
	fail := func(err error) (client.Plan, error) { return client.Plan{}, err }
	switch {
	case f.addr == "":
		return fail(bad("-addr is missing"))
	case err != nil:
		return fail(badInput{err})
	case host == "" || port == "":
		return fail(bad("-addr wants HOST:PORT, not %q", f.addr))
	case f.user == "" && f.cert == "" && !strings.EqualFold(f.mechanism, "ANONYMOUS"):
		return fail(bad("-user is missing"))
	case f.token != "" && !sasl.IsToken(f.token):
		return fail(bad("-token: letters, digits and -._~+/ alone may stand in it"))
	case !slices.Contains([]client.TLS{client.NoTLS, client.StartTLS, client.Implicit}, client.TLS(f.tls)):
		return fail(bad("-tls is none, starttls or implicit, not %q", f.tls))
	case !slices.Contains(sasl.NTLMLevels, sasl.NTLMLevel(f.ntlm)):
		return fail(bad("-ntlm is v1-extended, v1 or lm, not %q", f.ntlm))
	case f.patience <= 0:
		return fail(bad("-command-time is more than nothing"))
	case !f.send && (f.from != "" || len(f.to) > 0 || f.message != ""):
		return fail(bad("-from, -to and -message want -send"))
	}
	plan := client.Plan{
		Host: cmp.Or(f.serverName, host), TLS: client.TLS(f.tls), When: client.First, Insist: f.insist,
		Mechanisms: enough(f.password != "" || f.token == "" && f.cert == "", f.token != "", f.cert != "", false),
		NTLM:       sasl.NTLMLevel(f.ntlm),
		User: sasl.Credentials{Authcid: f.user, Authzid: f.authzid,
			Password: sasl.Secret{Text: f.password}, Token: sasl.Secret{Text: f.token}},
	}
	if f.mechanism != "" {
		name := strings.ToUpper(f.mechanism)
		if _, known := sasl.Lookup(name); !known && (!f.insist || !mechanismName(name)) {
			return fail(bad("-mechanism %q is not known here", f.mechanism))
		}
		plan.Mechanisms, plan.InClear = []string{name}, plan.TLS == client.NoTLS
	}
	if f.dialect != "" {
		plan.Mail = &client.Mail{} // only whether there is mail counts here
		if plan, err = f.like(plan); err != nil {
			return fail(err)
		}
		if plan.Mail = nil; f.send {
			plan.Mail, err = f.mail(host)
		}
		return plan, err
	}
	// LOGIN's name on the AUTH line is not taken everywhere (AUTH-17).
	plan.Initial = plan.Mechanisms[0] != "LOGIN"
	if f.send {
		if plan.Mail, err = f.mail(plan.Host); err != nil {
			return fail(err)
		}
	}
	return plan, nil
}

// mechanismName reports whether name is one by its form (RFC 4422 §3.1).
func mechanismName(name string) bool {
	return len(name) <= smtp.MaxMechanism && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// like is plan in the dialect. How TLS begins, and so whether a password shows,
// is not left to it.
func (f *connectFlags) like(plan client.Plan) (client.Plan, error) {
	all, err := data.All()
	if err != nil {
		return client.Plan{}, err
	}
	options := f.options
	if f.mechanism != "" {
		options = strings.TrimPrefix(options+", mechanism "+strings.ToUpper(f.mechanism), ", ")
	}
	plan, err = all.Plan(plan, f.dialect, options)
	if err != nil {
		return client.Plan{}, bad("-dialect: %w", err)
	}
	if plan.TLS = client.TLS(f.tls); plan.TLS != client.NoTLS {
		plan.InClear = false
	}
	return plan, nil
}

// config says which certificates are trusted, and which one is shown.
func (f *connectFlags) config() (_ *tls.Config, err error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: f.insecure}
	if f.cert != "" || f.key != "" {
		pair, err := readPair(f.cert, f.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	switch {
	case f.ca != "" && f.insecure:
		return nil, bad("-ca and -insecure exclude each other")
	case f.ca != "":
		config.RootCAs, err = readRoots(f.ca)
	}
	return config, err
}

// centre asks the Kerberos centre that is given.
func (f *connectFlags) centre(ctx context.Context) func([]byte) ([]byte, error) {
	if f.kdc == "" {
		return nil
	}
	return func(request []byte) ([]byte, error) {
		answer, err := netio.AskKDC(ctx, f.kdc, request)
		if err != nil {
			return nil, &sasl.Error{Kind: sasl.Local, Rule: "GSS-06", Reason: "kdc-unreachable"}
		}
		return answer, nil
	}
}
