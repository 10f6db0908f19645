package session

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/strictjson"
)

// Bounds of a set-up that was read.
const (
	maxText  = 1024 // octets of a name or password
	maxList  = 64   // entries of a list
	maxSteps = maxFrames
	maxNonce = 64 // octets

	maxToken = 8192            // octets
	maxLasts = 366 * 24 * 3600 // seconds

	maxIterations = 2_000_000_000 // that an account may claim; nobody computes it
)

// Choices of a set-up, as the page offers them.
var (
	Roles      = []server.Role{server.Relay, server.Submission, server.Submissions}
	WithoutTLS = []server.WithoutTLS{server.NotOffered, server.Answer504, server.Answer530, server.Legacy538}
	Keywords   = []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES", "HELP"}
	Stored     = sasl.StoredKinds
	ClientTLS  = []client.TLS{client.NoTLS, client.IfOffered, client.StartTLS, client.Implicit}
	When       = []client.When{client.First, client.OnDemand, client.Never}
	Versions   = []string{"", "1.2", "1.3"}
)

// Check reports, with a *ReadError, a value that Read would not take.
func (s Setup) Check() error { return validate(s, nil) }

// validate checks the values of a set-up that was read.
func validate(s Setup, inputs []Input) error {
	v := &validator{}
	v.text("seed", s.Seed)
	v.text("meeting", s.Meeting)
	v.that("start", !s.Start.IsZero() && s.Start.Year() < 9999 && s.Start.Location() == time.UTC)
	v.that("server.host", smtp.ValidDomain(s.Server.Host))
	oneOf(v, "server.role", s.Server.Role, Roles)
	oneOf(v, "server.auth_without_tls", s.Server.WithoutTLS, WithoutTLS)
	for i, k := range s.Server.Extensions {
		oneOf(v, fmt.Sprintf("server.extensions[%d]", i), k, Keywords)
	}
	v.that("server.max_size", s.Server.MaxSize >= 0 && s.Server.MaxSize <= server.DefaultMax)
	v.mechanisms("server.mechanisms_before_tls", s.Server.BeforeTLS)
	v.mechanisms("server.mechanisms_after_tls", s.Server.AfterTLS)
	v.texts("server.local_domains", s.Server.LocalDomains)
	v.that("server.accounts", len(s.Server.Accounts) <= maxList)
	for i, a := range s.Server.Accounts {
		at := fmt.Sprintf("server.accounts[%d].", i)
		v.text(at+"name", a.Name)
		v.text(at+"password", a.Password.Text)
		oneOf(v, at+"stored", a.Stored, Stored)
		v.texts(at+"act_as", a.ActAs)
		v.texts(at+"senders", a.Senders)
		v.text(at+"realm", a.Realm)
		oneOf(v, at+"group", a.Group, append([]int{0}, sasl.SRPGroups()...))
		v.that(at+"salt", len(a.Salt) <= 64)
		v.that(at+"iterations", a.Iterations >= 0 && a.Iterations <= maxIterations)
	}
	v.text("server.login.username", s.Server.Login.Username)
	v.text("server.login.password", s.Server.Login.Password)
	v.text("server.login.third", s.Server.Login.Third)
	v.text("server.challenge", s.Server.Challenge)
	v.nonce("server.nonce", s.Server.Nonce)
	v.text("server.realm", s.Server.Realm)
	v.name("server.domain", s.Server.Domain)
	for _, n := range []int{s.Server.Limits.Errors, s.Server.Limits.AuthFailures, s.Server.Limits.Recipients,
		s.Server.Limits.Line / 1000, s.Server.Limits.Response / 1000} {
		v.that("server.limits", n >= 0 && n <= 1000)
	}
	v.behaviour(s.Server)
	v.text("server.dialect", s.Server.Dialect)
	v.text("client.dialect", s.Client.Dialect)
	v.text("client.name", s.Client.Name)
	v.text("client.host", s.Client.Host)
	v.nonce("client.nonce", s.Client.Nonce)
	v.nonce("client.again", s.Client.Again)
	v.text("client.realm", s.Client.Realm)
	v.name("client.domain", s.Client.Domain)
	v.name("client.workstation", s.Client.Workstation)
	oneOf(v, "client.ntlm", s.Client.NTLM, sasl.NTLMLevels)
	oneOf(v, "client.binding", s.Client.Binding, append([]sasl.Binding{""}, sasl.Bindings()...))
	oneOf(v, "client.tls", s.Client.TLS, ClientTLS)
	oneOf(v, "client.auth", s.Client.When, When)
	v.mechanisms("client.mechanisms", s.Client.Mechanisms)
	v.mechanisms("client.clear_mechanisms", s.Client.ClearMechanisms)
	if s.Client.Unlisted != "" {
		v.mechanisms("client.unlisted", []string{s.Client.Unlisted})
	}
	v.texts("client.prompts", s.Client.Prompts.Username)
	v.texts("client.prompts", s.Client.Prompts.Password)
	for _, t := range []string{s.Client.User.Authcid, s.Client.User.Authzid, s.Client.User.Password.Text} {
		v.text("client.user", t)
	}
	if m := s.Client.Mail; m != nil {
		v.text("client.mail.from", m.From)
		v.texts("client.mail.to", m.To)
	}
	v.quirks("client.quirks", s.Client.Quirks, quirk.Client)
	v.that("client.user.token", len(s.Client.User.Token.Text) <= maxToken)
	v.that("server.tokens.key", len(s.Server.Tokens.Key) == 0 || len(s.Server.Tokens.Key) == ed25519.PublicKeySize)
	v.text("server.keytab.realm", s.Server.Keytab.Realm)
	oneOf(v, "server.keytab.key", len(s.Server.Keytab.Key), []int{0, 16, 32})
	for _, t := range []string{s.Server.Tokens.Issuer, s.Server.Tokens.Audience, s.Server.Tokens.Scope} {
		v.text("server.tokens", t)
	}
	for _, t := range []string{s.Token.Subject, s.Token.Audience, s.Token.Scope} {
		v.text("token", t)
	}
	v.that("token.lasts", s.Token.Lasts >= -maxLasts && s.Token.Lasts <= maxLasts)
	oneOf(v, "tls.client_min", s.TLS.ClientMin, Versions)
	v.that("tls.client", len(s.TLS.Client) <= 64 && utf8.ValidString(s.TLS.Client)) // ub-common-name, RFC 5280 appendix A.1
	oneOf(v, "tls.server_max", s.TLS.ServerMax, Versions)
	v.that("tls.certificate.host", s.TLS.Certificate.Host == "" || smtp.ValidDomain(s.TLS.Certificate.Host))
	v.inputs(inputs)
	return v.err
}

// behaviour checks what makes a server behave like a real one.
func (v *validator) behaviour(p server.Policy) {
	v.quirks("server.quirks", p.Quirks, quirk.Server)
	v.texts("server.keywords", p.Keywords)
	v.that("server.replies", len(p.Replies) <= 2*len(server.Places()))
	for place, words := range p.Replies {
		v.that("server.replies", server.CheckWords(place, words) == nil)
	}
}

func (v *validator) quirks(field string, set quirk.Set, side quirk.Side) {
	v.that(field, len(set) <= maxList)
	for _, name := range set {
		q, known := quirk.Lookup(name)
		v.that(field, known && q.Side == side)
	}
}

// A validator keeps the first fault.
type validator struct{ err error }

func (v *validator) that(field string, holds bool) {
	if v.err == nil && !holds {
		v.err = &ReadError{ID: strictjson.Value, Field: field}
	}
}

func (v *validator) text(field, s string) { v.that(field, len(s) <= maxText) }

func (v *validator) texts(field string, list []string) {
	v.that(field, len(list) <= maxList)
	for _, s := range list {
		v.text(field, s)
	}
}

// name checks a name of NTLM.
func (v *validator) name(field, s string) { v.that(field, len(s) <= 255 && utf8.ValidString(s)) }

// nonce checks what SCRAM could say: printable ASCII without a comma.
func (v *validator) nonce(field, s string) {
	v.that(field, len(s) <= maxNonce && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == ',' }))
}

// mechanisms checks names by RFC 4422 §3.1.
func (v *validator) mechanisms(field string, names []string) {
	v.that(field, len(names) <= maxList)
	for _, n := range names {
		v.that(field, len(n) >= 1 && len(n) <= 20 && strings.Trim(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "")
	}
}

func (v *validator) inputs(inputs []Input) {
	steps := 0
	for i, in := range inputs {
		at := fmt.Sprintf("inputs[%d]", i)
		oneOf(v, at+".kind", in.Kind, InputKinds)
		v.that(at+".times", in.Times >= 0 && in.Times <= maxSteps && (in.Times <= 1 || in.Kind == Step))
		v.that(at+".side", (in.Side == Client || in.Side == Server) == (in.Kind == Say) && (in.Kind == Say || in.Side == ""))
		wire := in.Kind == Inject || in.Kind == Change || in.Kind == Drop
		v.that(at+".toward", (in.Toward == Client || in.Toward == Server) == wire && (wire || in.Toward == ""))
		v.that(at+".octets", len(in.Octets) == 0 || in.Kind == Say || in.Kind == Inject || in.Kind == Change)
		v.that(at+".seconds", in.Seconds >= 0 && in.Seconds <= 86400 && (in.Seconds == 0 || in.Kind == Wait))
		steps += max(1, in.Times)
		v.that(at, steps <= maxSteps)
	}
}

func oneOf[T comparable](v *validator, field string, value T, list []T) {
	v.that(field, slices.Contains(list, value))
}
