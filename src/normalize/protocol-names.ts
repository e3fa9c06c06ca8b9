// Names the numbers of the IP protocol field, after IANA's registry "Assigned
// Internet Protocol Numbers" (its column Keyword, without "(deprecated)").
// Numbers that are unassigned, reserved or have no keyword there ("any local
// network") have no name here.

import { isCount, readDigits } from './json-text.ts'
import { literal, type Literal } from './literal.ts'

const MAX_DIGITS = 3
const runs: readonly (readonly [first: number, keywords: string])[] = [
  [
    0,
    'HOPOPT,ICMP,IGMP,GGP,IPv4,ST,TCP,CBT,EGP,IGP,BBN-RCC-MON,NVP-II,PUP,' +
      'ARGUS,EMCON,XNET,CHAOS,UDP,MUX,DCN-MEAS,HMP,PRM,XNS-IDP,TRUNK-1,' +
      'TRUNK-2,LEAF-1,LEAF-2,RDP,IRTP,ISO-TP4,NETBLT,MFE-NSP,MERIT-INP,' +
      'DCCP,3PC,IDPR,XTP,DDP,IDPR-CMTP,TP++,IL,IPv6,SDRP,IPv6-Route,' +
      'IPv6-Frag,IDRP,RSVP,GRE,DSR,BNA,ESP,AH,I-NLSP,SWIPE,NARP,Min-IPv4,' +
      'TLSP,SKIP,IPv6-ICMP,IPv6-NoNxt,IPv6-Opts',
  ],
  [62, 'CFTP'],
  [64, 'SAT-EXPAK,KRYPTOLAN,RVD,IPPC'],
  [
    69,
    'SAT-MON,VISA,IPCV,CPNX,CPHB,WSN,PVP,BR-SAT-MON,SUN-ND,WB-MON,' +
      'WB-EXPAK,ISO-IP,VMTP,SECURE-VMTP,VINES,IPTM,NSFNET-IGP,DGP,TCF,' +
      'EIGRP,OSPFIGP,Sprite-RPC,LARP,MTP,AX.25,IPIP,MICP,SCC-SP,ETHERIP,' +
      'ENCAP',
  ],
  [
    100,
    'GMTP,IFMP,PNNI,PIM,ARIS,SCPS,QNX,A/N,IPComp,SNP,Compaq-Peer,' +
      'IPX-in-IP,VRRP,PGM',
  ],
  [
    115,
    'L2TP,DDX,IATP,STP,SRP,UTI,SMP,SM,PTP,ISIS over IPv4,FIRE,CRTP,CRUDP,' +
      'SSCOPMCE,IPLT,SPS,PIPE,SCTP,FC,RSVP-E2E-IGNORE,Mobility Header,' +
      'UDPLite,MPLS-in-IP,manet,HIP,Shim6,WESP,ROHC,Ethernet,AGGFRAG,NSH,' +
      'Homa,BIT-EMU',
  ],
]

const names: string[] = []
// A log has few of them.
const literals: Literal[] = []
for (const [first, keywords] of runs)
  for (const [i, keyword] of keywords.split(',').entries())
    names[first + i] = keyword

/** Gives the IANA keyword of a protocol number as flow logs write it (`6`: `TCP`), in UTF-8 from `from` to before `to`; undefined where there is none. */
export function protocolName(
  bytes: Buffer,
  from: number,
  to: number,
): Literal | undefined {
  if (to - from > MAX_DIGITS || !isCount(bytes, from, to)) return undefined
  const number = readDigits(bytes, from, to)
  const name = names[number]
  if (name === undefined) return undefined
  return (literals[number] ??= literal(name))
}
