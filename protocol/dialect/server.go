package dialect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

// A Server is a server's dialect.
type Server struct {
	About
	Host    string `json:"host,omitempty"`    // its own name, where it is not its user's choice
	Account string `json:"account,omitempty"` // how its user names itself; empty: "tim"
	Manner
	Variants map[string]Manner `json:"variants,omitempty"` // other configurations, by name
}

// A Manner is how a server behaves. What is absent is as before: in a variant
// as in the dialect, there as in the one that it is like.
type Manner struct {
	Keywords    []string                `json:"keywords,omitempty"` // server.Policy.Keywords
	Before      *string                 `json:"before,omitempty"`   // mechanisms in clear text, spaces between them
	After       *string                 `json:"after,omitempty"`    // inside TLS; absent: as before
	Implicit    bool                    `json:"implicit,omitempty"` // TLS before the greeting
	WithoutTLS  server.WithoutTLS       `json:"without_tls,omitempty"`
	RequireAuth *bool                   `json:"require_auth,omitempty"`
	Local       *[]string               `json:"local,omitempty"`   // domains; absent: that of the host
	Senders     *[]string               `json:"senders,omitempty"` // that the account may use; empty: any
	Login       *sasl.Prompts           `json:"login,omitempty"`
	Limits      *server.Limits          `json:"limits,omitempty"`
	Realm       string                  `json:"realm,omitempty"`
	Quirks      Names                   `json:"quirks,omitempty"`
	Replies     map[server.Place]string `json:"replies,omitempty"`
}

// unlimited is more refused commands and failed log-ins than anybody tries.
const unlimited = 1000

// Apply lays m over p.
func (m Manner) Apply(p *server.Policy) {
	if m.Keywords != nil {
		p.Keywords = m.Keywords
		p.Extensions, p.MaxSize = extensions(m.Keywords)
	}
	if m.Before != nil {
		p.BeforeTLS = strings.Fields(*m.Before)
		p.AfterTLS = p.BeforeTLS
	}
	if m.After != nil {
		p.AfterTLS = strings.Fields(*m.After)
	}
	if m.Implicit {
		p.Role = server.Submissions
	}
	p.WithoutTLS = cmp.Or(m.WithoutTLS, p.WithoutTLS)
	if m.RequireAuth != nil {
		p.RequireAuth = *m.RequireAuth
	}
	if m.Local != nil {
		p.LocalDomains = *m.Local
	}
	if m.Senders != nil {
		for i := range p.Accounts {
			p.Accounts[i].Senders = *m.Senders
		}
	}
	if m.Login != nil {
		p.Login = *m.Login
	}
	if m.Limits != nil {
		p.Limits = *m.Limits
	}
	p.Realm = cmp.Or(m.Realm, p.Realm)
	p.Quirks = m.Quirks.apply(p.Quirks)
	if len(m.Replies) > 0 {
		p.Replies = maps.Clone(p.Replies)
		if p.Replies == nil {
			p.Replies = map[server.Place]string{}
		}
		maps.Copy(p.Replies, m.Replies)
	}
}

// extensions are what the machine knows of the keywords, and the limit of SIZE.
func extensions(keywords []string) (list []string, size int64) {
	for _, k := range keywords {
		name, value, _ := strings.Cut(k, " ")
		switch strings.ToUpper(name) {
		case "SIZE":
			n, err := strconv.ParseInt(value, 10, 64)
			if size = n; err != nil || n <= 0 || n > server.DefaultMax {
				size = server.DefaultMax
			}
		case "PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES", "HELP":
			list = append(list, strings.ToUpper(name))
		}
	}
	return list, size
}

// Server finds a server's dialect.
func (a *All) Server(id string) (Server, bool) {
	i := slices.IndexFunc(a.Servers, func(s Server) bool { return s.ID == id })
	if i < 0 {
		return Server{}, false
	}
	s := a.Servers[i]
	if like, known := a.Server(s.Like); known && s.Like != "" { // reading made sure that it stands before
		s.Host, s.Account = cmp.Or(s.Host, like.Host), cmp.Or(s.Account, like.Account)
	}
	return s, true
}

// Policy is base in a server's dialect, in one of its variants; "" is the
// dialect itself. Host and Accounts are those of base; Dialect is "ID" or
// "ID/VARIANT".
func (a *All) Policy(base server.Policy, id, variant string) (server.Policy, error) {
	s, known := a.Server(id)
	if !known {
		return server.Policy{}, fmt.Errorf("no server's dialect is called %q", id)
	}
	base.Accounts = slices.Clone(base.Accounts)
	if s.Like != "" {
		like, err := a.Policy(base, s.Like, "")
		if err != nil {
			return server.Policy{}, err
		}
		base = like
	} else {
		base.WithoutTLS, base.Login = server.NotOffered, sasl.Prompts{Username: "Username:", Password: "Password:"}
		base.Limits = server.Limits{Errors: unlimited, AuthFailures: unlimited}
		base.RequireAuth, base.Quirks, base.Replies, base.Keywords = false, nil, nil, nil
	}
	base.Host, base.Dialect = cmp.Or(s.Host, base.Host), id
	s.Manner.Apply(&base)
	if variant != "" {
		m, known := s.Variants[variant]
		if !known {
			return server.Policy{}, fmt.Errorf("the dialect %s has no variant %q", id, variant)
		}
		m.Apply(&base)
		base.Dialect += "/" + variant
	}
	return base, nil
}

func (a *All) checkServers() error {
	seen := map[string]bool{}
	for _, s := range a.Servers {
		if err := s.About.check(seen); err != nil {
			return err
		}
		for _, m := range slices.AppendSeq([]Manner{s.Manner}, maps.Values(s.Variants)) {
			if err := m.sound(); err != nil {
				return fmt.Errorf("dialect %s: %w", s.ID, err)
			}
		}
	}
	return nil
}

// sound reports what is wrong with m.
func (m Manner) sound() error {
	if err := m.Quirks.check(quirk.Server); err != nil {
		return err
	}
	for place, words := range m.Replies {
		if err := server.CheckWords(place, words); err != nil {
			return err
		}
	}
	return nil
}
