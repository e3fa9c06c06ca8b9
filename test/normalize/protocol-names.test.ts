import t from 'tap'
import { protocolName } from '../../src/normalize/protocol-names.ts'

function nameOf(number: string): string | undefined {
  const bytes = Buffer.from(`1${number}1`)
  return protocolName(bytes, 1, bytes.length - 1)?.bytes.toString()
}

t.test('protocols have their IANA keywords', async t => {
  // The first and last of each run, and the usual ones, from the registry.
  const keywords = `
    0 HOPOPT, 1 ICMP, 2 IGMP, 4 IPv4, 6 TCP, 17 UDP, 33 DCCP,
    41 IPv6, 47 GRE, 50 ESP, 51 AH, 58 IPv6-ICMP, 60 IPv6-Opts,
    62 CFTP, 64 SAT-EXPAK, 67 IPPC, 69 SAT-MON, 88 EIGRP,
    89 OSPFIGP, 98 ENCAP, 100 GMTP, 103 PIM, 112 VRRP, 113 PGM,
    115 L2TP, 124 ISIS over IPv4, 132 SCTP, 136 UDPLite, 142 ROHC,
    145 NSH, 146 Homa, 147 BIT-EMU`
  for (const [, number, keyword] of keywords.matchAll(/(\d+) ([^,]+)/g))
    t.equal(nameOf(number ?? ''), keyword)
})

t.test('numbers without a keyword have no name', async t => {
  const numbers = [61, 63, 68, 99, 114, 148, 252, 253, 254, 255, 256]
  const texts = ['', '-', '-1', '06', '006', '0006', '1e1', '6.0', 'TCP']
  for (const number of [...numbers.map(String), ...texts, '6'.repeat(400)])
    t.equal(nameOf(number), undefined, number)
})
