package view

import (
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// Programs names the real programs that a set-up is of, which no scenario's title
// does; it is zero where both sides are the page's own.
func Programs(setup session.Setup) Words {
	server, client := any(setup.Server.Dialect), any(setup.Client.Dialect)
	switch {
	case server == "" && client == "":
		return Words{}
	case server == "":
		server = ID("ui.title.here")
	case client == "":
		client = ID("ui.title.here")
	}
	return say("ui.title.programs", "client", client, "server", server)
}

// Imitate lets a side of the set-up behave like that of another. Who logs in
// and what is sent stay, and what the mechanisms know.
func Imitate(setup *session.Setup, side session.Side, like session.Setup) {
	setup.Meeting = "" // its story was of somebody else
	if side == session.Client {
		to, from := &setup.Client, &like.Client
		to.Dialect, to.Quirks, to.Prompts, to.Unlisted = from.Dialect, from.Quirks, from.Prompts, from.Unlisted
		to.Mechanisms, to.ClearMechanisms, to.Initial = from.Mechanisms, from.ClearMechanisms, from.Initial
		to.TLS, to.When, to.InClear, to.Insist, to.Cancel = from.TLS, from.When, from.InClear, from.Insist, from.Cancel
		if from.Mail == nil || to.Mail == nil {
			to.Mail = from.Mail
		}
	} else {
		to, from := &setup.Server, &like.Server
		to.Host, to.Dialect, to.Quirks, to.Replies = from.Host, from.Dialect, from.Quirks, from.Replies
		to.Keywords, to.Extensions, to.MaxSize, to.Limits = from.Keywords, from.Extensions, from.MaxSize, from.Limits
		to.BeforeTLS, to.AfterTLS, to.WithoutTLS = from.BeforeTLS, from.AfterTLS, from.WithoutTLS
		to.RequireAuth, to.LocalDomains, to.Login, to.Realm = from.RequireAuth, from.LocalDomains, from.Login, from.Realm
		if from.Role == server.Submissions || from.Dialect == "" {
			to.Role = from.Role
		}
		to.Accounts = slices.Clone(to.Accounts)
		for i := range to.Accounts {
			if len(from.Accounts) > 0 {
				to.Accounts[i].Senders = from.Accounts[0].Senders
			}
		}
		setup.Client.Host = to.Host
	}
	if setup.Server.Role == server.Submissions { // TLS comes first, whatever the client's way is
		setup.Client.TLS = client.Implicit
	}
}
