package scenario

import (
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// Pair is the set-up that the page opens with, its server and its client in
// dialects: host is "ID" or "ID/VARIANT", peer is "ID" or "ID/OPTIONS".
func Pair(all *dialect.All, host, peer string) (session.Setup, error) {
	opening, _ := ByID(Default)
	setup := opening.Setup()
	if err := ActServer(&setup, all, host); err != nil {
		return setup, err
	}
	err := ActClient(&setup, all, peer)
	return setup, err
}

// ActServer puts the server into a dialect, "ID" or "ID/VARIANT". The first
// account is named as its users name themselves there.
func ActServer(setup *session.Setup, all *dialect.All, host string) (err error) {
	id, variant, _ := strings.Cut(host, "/")
	policy, err := all.Policy(setup.Server, id, variant)
	if err != nil {
		return err
	}
	setup.Server, setup.Client.Host = policy, policy.Host
	if s, _ := all.Server(id); s.Account != "" && len(policy.Accounts) > 0 {
		policy.Accounts[0].Name, setup.Client.User.Authcid = s.Account, s.Account // the slice is the policy's own
		if setup.Client.Mail != nil {
			mail := *setup.Client.Mail
			mail.From = s.Account
			setup.Client.Mail = &mail
		}
	}
	implicit(setup)
	return nil
}

// ActClient puts the client into a dialect, "ID" or "ID/OPTIONS".
func ActClient(setup *session.Setup, all *dialect.All, peer string) (err error) {
	id, options, _ := strings.Cut(peer, "/")
	plan, err := all.Plan(setup.Client, id, options)
	if err != nil {
		return err
	}
	setup.Client = plan
	implicit(setup)
	return nil
}

// implicit lets TLS come first where the server wants that, whatever the
// client's way is.
func implicit(setup *session.Setup) {
	if setup.Server.Role == server.Submissions {
		setup.Client.TLS = client.Implicit
	}
}
