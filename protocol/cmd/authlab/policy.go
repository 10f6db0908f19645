package main

import (
	"cmp"
	"flag"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
)

// usable are the mechanisms that need nothing but a name and a password.
var usable = having(func(m sasl.Mechanism) bool { return m.ByPassword() })

func having(what func(sasl.Mechanism) bool) (list []sasl.Mechanism) {
	for _, m := range sasl.Mechanisms() {
		if what(m) {
			list = append(list, m)
		}
	}
	return list
}

// byToken reports whether a bearer token stands for the password.
func byToken(m sasl.Mechanism) bool { return m.Facts.Crosses == sasl.CrossesToken }

// enough are the mechanisms for which it is enough to have a password, a token,
// a certificate or, as a server, a key of one's own.
func enough(password, token, certificate, key bool) []string {
	return names(having(func(m sasl.Mechanism) bool {
		return password && m.ByPassword() || token && byToken(m) || certificate && m.Name == "EXTERNAL" || key && m.Keyed
	}))
}

// policyFlags say what the server offers and to whom.
type policyFlags struct {
	host, users, mechanisms, policy string
	dialect, keytab                 string
	user, token                     list
	cleartext, requireAuth, ntlmV1  bool
	tokenEndpoint                   bool
}

func (p *policyFlags) declare(fs *flag.FlagSet) {
	fs.StringVar(&p.host, "host", "", "the server's own `NAME`; localhost where no -policy has one")
	fs.Var(&p.user, "user", "an account, `NAME:PASSWORD`; may be given many times")
	fs.StringVar(&p.users, "users", "", "a `FILE` of accounts, NAME:PASSWORD in each line; # begins a comment")
	fs.Var(&p.token, "token", "a bearer token for XOAUTH2 and OAUTHBEARER, `USER=TOKEN`, taken as it stands; may be given many times")
	fs.BoolVar(&p.tokenEndpoint, "token-endpoint", false, "OAUTHBEARER: refuse who names another host or port than this server's; not behind a mapped port")
	fs.StringVar(&p.keytab, "keytab", "", "a `FILE` of MIT Kerberos with a key of smtp/NAME of -host, for aes128- or aes256-cts-hmac-sha1-96: GSSAPI for users of its realm who have an account")
	fs.StringVar(&p.mechanisms, "mechanisms", "", "the `LIST` offered, with commas, of "+strings.Join(names(sasl.Mechanisms()), ",")+
		" (those by password; with -token those by token; with -client-ca EXTERNAL; with -keytab GSSAPI)")
	fs.BoolVar(&p.cleartext, "cleartext", false, "offer before TLS too what shows the password: "+strings.Join(names(passwordMechanisms()), ", "))
	fs.BoolVar(&p.requireAuth, "require-auth", false, "take mail only from who has authenticated (530)")
	fs.BoolVar(&p.ntlmV1, "ntlm-v1", false, "NTLM: take responses of NTLMv1 too")
	fs.StringVar(&p.dialect, "dialect", "", "behave like the real server with this `ID`, or ID/VARIANT")
	fs.StringVar(&p.policy, "policy", "", "a `FILE` with a set-up as the page writes it: its server's part, its certificate and TLS version; the other flags change it")
}

func names(mechanisms []sasl.Mechanism) (list []string) {
	for _, m := range mechanisms {
		list = append(list, m.Name)
	}
	return list
}

func passwordMechanisms() []sasl.Mechanism {
	return slices.DeleteFunc(slices.Clone(usable), func(m sasl.Mechanism) bool { return !m.Clear })
}

// read makes the policy, and what the set-up asks of TLS. Certificates says
// whether clients may show one.
func (p *policyFlags) read(certificates bool) (server.Policy, session.TLS, error) {
	policy, tls := server.Policy{
		Extensions: []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES", "HELP"},
		MaxSize:    server.DefaultMax, AfterTLS: enough(true, len(p.token) > 0, certificates, p.keytab != ""), WithoutTLS: server.NotOffered,
		Login: sasl.Prompts{Username: "Username:", Password: "Password:"},
	}, session.TLS{}
	fail := func(err error) (server.Policy, session.TLS, error) { return server.Policy{}, session.TLS{}, err }
	if p.policy != "" {
		setup, _, err := readSetup(p.policy)
		if err != nil {
			return fail(err)
		}
		policy, tls = setup.Server, setup.TLS
	}
	policy.Host = cmp.Or(p.host, policy.Host, "localhost")
	if p.policy == "" {
		policy.LocalDomains = domains(policy.Host)
		policy.Realm = policy.Host // as other servers do: some clients take it for the host (DIG-12)
	}
	if !smtp.ValidDomain(policy.Host) {
		return fail(bad("-host %q is no domain", policy.Host))
	}
	if p.policy == "" || p.mechanisms != "" || p.cleartext {
		offered, err := p.offered(policy)
		if err != nil {
			return fail(err)
		}
		policy.AfterTLS, policy.BeforeTLS = offered, nil
		for _, name := range offered {
			if m, known := sasl.Lookup(name); known && (p.cleartext || !m.Clear) {
				policy.BeforeTLS = append(policy.BeforeTLS, name)
			}
		}
	}
	if p.dialect != "" {
		all, err := data.All()
		if err != nil {
			return fail(err)
		}
		id, variant, _ := strings.Cut(p.dialect, "/")
		offered := policy
		if policy, err = all.Policy(policy, id, variant); err != nil {
			return fail(bad("-dialect: %w", err))
		}
		policy.Host = cmp.Or(p.host, policy.Host)
		if p.mechanisms != "" {
			policy.BeforeTLS, policy.AfterTLS = offered.BeforeTLS, offered.AfterTLS
		}
	}
	policy.RequireAuth, policy.NTLMv1 = policy.RequireAuth || p.requireAuth, policy.NTLMv1 || p.ntlmV1
	if p.keytab != "" {
		var err error
		if policy.Keytab, err = readKeytab(p.keytab, policy.Host); err != nil {
			return fail(err)
		}
	}
	more, err := accounts(p.user, p.users)
	if err != nil {
		return fail(err)
	}
	policy.Accounts = append(policy.Accounts, more...)
	policy.Accounts, policy.Tokens.Known, err = tokens(policy.Accounts, p.token)
	policy.Tokens.Endpoint = policy.Tokens.Endpoint || p.tokenEndpoint
	return policy, tls, err
}

// offered are the mechanisms that -mechanisms lists, or the policy's.
func (p *policyFlags) offered(policy server.Policy) (offered []string, err error) {
	if p.mechanisms == "" {
		return policy.AfterTLS, nil
	}
	for name := range strings.SplitSeq(p.mechanisms, ",") {
		m, known := sasl.Lookup(strings.TrimSpace(name))
		if !known {
			return nil, bad("-mechanisms: %q is not known here", name)
		}
		if m.Keyed && p.keytab == "" && len(policy.Keytab.Key) == 0 {
			return nil, bad("-mechanisms: %s wants -keytab", m.Name)
		}
		if !slices.Contains(offered, m.Name) {
			offered = append(offered, m.Name)
		}
	}
	return offered, nil
}

// domains are those whose mail is taken from anybody: the server's own, and
// the one that it serves.
func domains(host string) []string {
	local := []string{host}
	if _, parent, found := strings.Cut(host, "."); found && strings.Contains(parent, ".") {
		local = append(local, parent)
	}
	return local
}

// readSetup reads a set-up as the page writes it.
func readSetup(file string) (session.Setup, []session.Input, error) {
	text, err := readFile(file, session.MaxJSON)
	if err != nil {
		return session.Setup{}, nil, err
	}
	setup, inputs, err := session.Read(text)
	if err != nil {
		return session.Setup{}, nil, bad("%s: %w", file, err)
	}
	return setup, inputs, nil
}
