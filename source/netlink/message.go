package netlink

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

const (
	header          = unix.SizeofNlMsghdr
	attributeHeader = unix.SizeofNlAttr
)

type message struct {
	kind, flags uint16
	sequence    uint32
	body        []byte
}

// Messages calls visit for every message of an answer.
func Messages(data []byte, visit func(kind uint16, body []byte) error) error {
	return messages(data, func(m message) error { return visit(m.kind, m.body) })
}

func messages(data []byte, visit func(message) error) error {
	for len(data) > 0 {
		if len(data) < header {
			return lang.RecordErrorf("netlink message: cut short: %d bytes", len(data))
		}
		length := binary.NativeEndian.Uint32(data)
		if length < header || uint64(length) > uint64(len(data)) {
			return lang.RecordErrorf("netlink message of %d bytes in %d", length, len(data))
		}
		m := message{
			kind:     binary.NativeEndian.Uint16(data[4:]),
			flags:    binary.NativeEndian.Uint16(data[6:]),
			sequence: binary.NativeEndian.Uint32(data[8:]),
			body:     data[header:length],
		}
		if err := visit(m); err != nil {
			return err
		}
		data = data[min(uint64(len(data)), (uint64(length)+3)&^3):]
	}
	return nil
}

// Attributes calls visit for every attribute of a message, which begins after
// skip bytes of the message's own, or of another attribute.
func Attributes(data []byte, skip int, visit func(kind uint16, value []byte) error) error {
	if len(data) < skip {
		return lang.RecordErrorf("netlink message: cut short: %d of %d bytes", len(data), skip)
	}
	for data = data[skip:]; len(data) > 0; {
		if len(data) < attributeHeader {
			return lang.RecordErrorf("netlink attribute: cut short: %d bytes", len(data))
		}
		length := int(binary.NativeEndian.Uint16(data))
		if length < attributeHeader || length > len(data) {
			return lang.RecordErrorf("netlink attribute of %d bytes in %d", length, len(data))
		}
		const flags = unix.NLA_F_NESTED | unix.NLA_F_NET_BYTEORDER
		if err := visit(binary.NativeEndian.Uint16(data[2:])&^flags, data[attributeHeader:length]); err != nil {
			return err
		}
		data = data[min(len(data), (length+3)&^3):]
	}
	return nil
}

// AppendAttribute adds an attribute to the body of a request.
func AppendAttribute(body []byte, kind uint16, value []byte) []byte {
	body = binary.NativeEndian.AppendUint16(body, uint16(attributeHeader+len(value)))
	body = binary.NativeEndian.AppendUint16(body, kind)
	body = append(body, value...)
	return append(body, make([]byte, -len(value)&3)...)
}

// AppendNumber adds an attribute of 32 bits.
func AppendNumber(body []byte, kind uint16, value uint32) []byte {
	return AppendAttribute(body, kind, binary.NativeEndian.AppendUint32(nil, value))
}
