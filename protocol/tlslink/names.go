package tlslink

import (
	"maps"
	"slices"
)

// Unknown stands for a number that the RFCs give no name.
const Unknown = "unknown"

// NotTLSRecord is the Type of the one record given for a stream that is not TLS.
const NotTLSRecord = "not-tls"

const protocolVersion = "protocol_version"

// RFC 8446 §5.1
var contentTypes = map[uint8]string{
	20: "change_cipher_spec",
	21: "alert",
	22: "handshake",
	23: "application_data",
}

// RFC 8446 §4 and B.3; the names without an equal there are of RFC 5246 §7.4.
var messageTypes = map[uint8]string{
	0:   "hello_request",
	1:   "client_hello",
	2:   "server_hello",
	4:   "new_session_ticket",
	5:   "end_of_early_data",
	8:   "encrypted_extensions",
	11:  "certificate",
	12:  "server_key_exchange",
	13:  "certificate_request",
	14:  "server_hello_done",
	15:  "certificate_verify",
	16:  "client_key_exchange",
	20:  "finished",
	22:  "certificate_status",
	24:  "key_update",
	254: "message_hash",
}

// helloRetryRequest is a server_hello on the wire, told by its random
// (RFC 8446 §4.1.3).
const helloRetryRequest = "hello_retry_request"

// RFC 8446 §6 and B.2
var alerts = map[uint8]string{
	0:   "close_notify",
	10:  "unexpected_message",
	20:  "bad_record_mac",
	21:  "decryption_failed",
	22:  "record_overflow",
	30:  "decompression_failure",
	40:  "handshake_failure",
	41:  "no_certificate",
	42:  "bad_certificate",
	43:  "unsupported_certificate",
	44:  "certificate_revoked",
	45:  "certificate_expired",
	46:  "certificate_unknown",
	47:  "illegal_parameter",
	48:  "unknown_ca",
	49:  "access_denied",
	50:  "decode_error",
	51:  "decrypt_error",
	60:  "export_restriction",
	70:  protocolVersion,
	71:  "insufficient_security",
	80:  "internal_error",
	86:  "inappropriate_fallback",
	90:  "user_canceled",
	100: "no_renegotiation",
	109: "missing_extension",
	110: "unsupported_extension",
	111: "certificate_unobtainable",
	112: "unrecognized_name",
	113: "bad_certificate_status_response",
	114: "bad_certificate_hash_value",
	115: "unknown_psk_identity",
	116: "certificate_required",
	120: "no_application_protocol",
	121: "ech_required", // RFC 9849
}

// AlertName gives the AlertDescription of a code, or Unknown.
func AlertName(code uint8) string { return nameIn(alerts, code) }

func nameIn(names map[uint8]string, code uint8) string {
	if s, ok := names[code]; ok {
		return s
	}
	return Unknown
}

// RecordTypes lists every Record.Type and Inner; only the latter may be Unknown.
func RecordTypes() []string { return append(values(contentTypes), Unknown, NotTLSRecord) }

// MessageTypes lists every Message.Type.
func MessageTypes() []string { return append(values(messageTypes), helloRetryRequest, Unknown) }

// AlertNames lists every Record.Alert and Failure.Alert.
func AlertNames() []string { return append(values(alerts), Unknown) }

func values(names map[uint8]string) []string {
	return slices.Sorted(maps.Values(names))
}

// RFC 8446 §6
var alertLevels = map[uint8]string{1: "warning", 2: "fatal"}
